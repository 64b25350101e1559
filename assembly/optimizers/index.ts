// The table of optimizers.

import {
  ADADELTA,
  ADAGRAD,
  ADAM,
  ADAMAX,
  ADAMW,
  ASGD,
  CONJUGATE_GRADIENTS,
  LBFGS,
  LEVENBERG_MARQUARDT,
  LION,
  MUON,
  NADAM,
  RADAM,
  RMSPROP,
  RPROP,
  SGD,
} from '../boundary';
import { Descent } from '../descent';
import { gradient } from '../problems/index';
import { adadelta } from './adadelta';
import { adagrad } from './adagrad';
import { adam } from './adam';
import { adamax } from './adamax';
import { adamW } from './adamw';
import { asgd } from './asgd';
import { conjugateGradients, look as lookOf, noise } from './conjugate-gradients';
import { lbfgs, slopesFloor } from './lbfgs';
import { levenbergMarquardt } from './levenberg-marquardt/index';
import { lion } from './lion';
import { muon } from './muon';
import { nadam } from './nadam';
import { radam } from './radam';
import { rmsprop } from './rmsprop';
import { rprop } from './rprop';
import { sgd } from './sgd';

/** What an optimizer has to see of a new guess before it is known whether that is the last. */
export function look(d: Descent): void {
  if (d.optimizer == CONJUGATE_GRADIENTS) lookOf(d);
}

/** Slopes that the optimizer can't tell from 0 any more. */
export function floor(d: Descent): f64 {
  return d.optimizer == LBFGS ? slopesFloor(d) : d.optimizer == CONJUGATE_GRADIENTS ? noise(d) : 0;
}

/** One update of theta from the gradient there. */
export function update(d: Descent, lr: f64): void {
  if (d.optimizer == LEVENBERG_MARQUARDT) return levenbergMarquardt(d, lr);
  if (d.optimizer == CONJUGATE_GRADIENTS) return conjugateGradients(d, lr);
  gradient(d);
  switch (d.optimizer) {
    case SGD:
      return sgd(d, lr);
    case ADAM:
      return adam(d, lr);
    case ADAMW:
      return adamW(d, lr);
    case NADAM:
      return nadam(d, lr);
    case RADAM:
      return radam(d, lr);
    case ADAMAX:
      return adamax(d, lr);
    case ADAGRAD:
      return adagrad(d, lr);
    case ADADELTA:
      return adadelta(d, lr);
    case RMSPROP:
      return rmsprop(d, lr);
    case RPROP:
      return rprop(d, lr);
    case ASGD:
      return asgd(d, lr);
    case LION:
      return lion(d, lr);
    case MUON:
      return muon(d, lr);
    case LBFGS:
      return lbfgs(d, lr);
  }
}
