/** The name of the fault that an action ends in. */
import { Fault, type FaultName } from '#circuits/fault.ts';

export function faultOf(action: () => unknown): FaultName | 'none' {
  try {
    action();
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
  return 'none';
}
