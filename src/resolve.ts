/** From an optimizer as users hand it over to what the core needs of it. */

import { isObject, reading, refuse, SvdTypeError } from './errors.js';
import { type Optimizer, type OptimizerName, type Resolved, resolved } from './optimizer.js';
import * as optimizers from './optimizers.js';

/** The hyper-parameters of an optimizer, as its factory takes them, all optional: what can be tuned. */
export type HyperParameters<Name extends OptimizerName = OptimizerName> = Name extends OptimizerName
  ? Partial<NonNullable<Parameters<(typeof optimizers)[Name]>[0]>>
  : never;

/** An optimizer as it came (from a factory, or structurally cloned) with `changes`, checked and made anew. */
export function remade(optimizer: Optimizer, changes?: object): Optimizer {
  const read = () => ({ ...(isObject(optimizer) ? optimizer : undefined) }) as Optimizer;
  const { name, lr, options } = reading('optimizer', [optimizer], read, 'invalid-option');
  const known = typeof name === 'string' && Object.hasOwn(optimizers, name);
  if (!known || !isObject(options ?? {})) {
    refuse(
      SvdTypeError,
      'invalid-option',
      'optimizer',
      optimizer,
      `one made by ${Object.keys(optimizers).join('(), ')}()`,
    );
  }
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: a saved one comes with its name alone
  return optimizers[name]({ lr, ...options, ...changes } as never);
}

/** What the core needs of an optimizer. */
export const resolve = (optimizer: Optimizer): Resolved =>
  resolved.get(optimizer) ?? resolved.get(remade(optimizer))!;
