/** What a step touches: two steps that touch nothing in common lead to the same in either order. */
export interface Touched {
  /** The same step in another order has the same id. */
  readonly id: string;
  /** The process whose step it is; null for time, which passes for everybody. */
  readonly owner: number | null;
  /**
   * `resumes`: a process goes on, and may end a call. `store`: it goes on after a call of the store. `executes`: a provider
   * reads or makes a charge. `own`: nobody else sees it.
   */
  readonly kind: 'time' | 'starts' | 'resumes' | 'store' | 'executes' | 'own';
  /** The provider that it is at; null where it is at none. */
  readonly host: string | null;
  /** Whether that provider makes a charge. */
  readonly makesCharge: boolean;
  /** It is a fault, and faults are limited: one takes the place of another. */
  readonly costs: boolean;
}

const seesCharges = ({ kind }: Touched): boolean =>
  kind === 'starts' || kind === 'resumes' || kind === 'store';

/**
 * Whether the order of two steps, both possible, cannot matter. In doubt it may. How many charges there are when a call ends
 * belongs to the verdict, so whatever may end a call depends on what makes a charge.
 */
export const areIndependent = (one: Touched, other: Touched): boolean => {
  if (one.owner === null || other.owner === null || one.owner === other.owner) return false;
  if (one.costs && other.costs) return false;
  if (one.kind === other.kind && (one.kind === 'store' || one.kind === 'starts')) return false;
  if (one.kind === 'executes' && other.kind === 'executes') {
    // Ids of charges are counted over all providers.
    if (one.makesCharge && other.makesCharge) return false;
    return one.host !== other.host || !(one.makesCharge || other.makesCharge);
  }
  return !(one.makesCharge && seesCharges(other)) && !(other.makesCharge && seesCharges(one));
};
