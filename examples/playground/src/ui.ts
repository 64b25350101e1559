/** Elements, made in one expression. */

type Child = Node | string | undefined | false;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number | boolean | undefined | EventListener> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(
    ...children.filter((child): child is Node | string => child !== undefined && child !== false),
  );
  return element;
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as T;
}

/** Written only when it changes, so that screen readers hear of news alone. */
export function text(element: Element, value: string): void {
  if (element.textContent !== value) element.textContent = value;
}

const exponents = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** 1.2 × 10⁻⁵ for people, short for plain sizes. */
export function pretty(x: number): string {
  if (Number.isNaN(x)) return '–';
  if (x === 0) return '0';
  if (!Number.isFinite(x)) return x > 0 ? '∞' : '−∞';
  const size = Math.abs(x);
  const minus = (s: string) => s.replace('-', '−');
  if (size >= 0.001 && size < 1e5) return minus(String(Number(x.toPrecision(size >= 1000 ? 5 : 4))));
  const [mantissa, exponent] = x.toExponential(1).replace('.0e', 'e').split('e') as [string, string];
  const power = Array.from(exponent.replace('+', ''), (c) => (c === '-' ? '⁻' : exponents[Number(c)])).join(
    '',
  );
  return `${minus(mantissa)}·10${power}`;
}

export const count = (x: number) => x.toLocaleString('en');

/** A colour of the theme that is in force. */
export const theme = (name: string) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
