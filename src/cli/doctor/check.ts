/** One thing that was looked at. */
export interface Check {
  /** What it is about: `runtime`, `store`, or a client's name. */
  readonly subject: string;
  readonly status: 'ok' | 'warning' | 'problem';
  /** What was found. */
  readonly message: string;
  /** What to do; null where nothing has to be done. */
  readonly advice: string | null;
}

/** Makes the checks of one subject. */
export const checksOf = (subject: string) => ({
  ok: (message: string): Check => ({ subject, status: 'ok', message, advice: null }),
  warning: (message: string, advice: string): Check => ({ subject, status: 'warning', message, advice }),
  problem: (message: string, advice: string): Check => ({ subject, status: 'problem', message, advice }),
});
