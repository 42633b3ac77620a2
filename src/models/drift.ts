/**
 * How an answer deviates from what is known: a value of an enumeration, a type, an item of a list that cannot be read, a lost
 * stamp. It never holds the value.
 */
export type DriftKind =
  | 'unknown_value'
  | 'wrong_type'
  | 'missing'
  | 'inconsistent'
  | 'unreadable'
  | 'stamp_lost'
  | 'cursor_repeated';
/** Reports that an answer deviates at a path. It never gets the value. */
export type ReportDrift = (path: string, kind: DriftKind) => void;
