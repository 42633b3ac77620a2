/** Names of the HTTP client conventions of OpenTelemetry that are stable. Ours stand below; all names stand here alone. */
export const http = {
  method: 'http.request.method',
  resendCount: 'http.request.resend_count',
  status: 'http.response.status_code',
  errorType: 'error.type',
  address: 'server.address',
  port: 'server.port',
  template: 'url.template',
} as const;

/** Attributes of unicharge. */
export const own = {
  provider: 'unicharge.provider',
  operation: 'unicharge.operation',
  outcome: 'unicharge.outcome',
  resolvedBy: 'unicharge.resolved_by',
  declineCode: 'unicharge.decline_code',
  errorCode: 'unicharge.error_code',
  attempts: 'unicharge.attempts',
  seen: 'unicharge.lookup.seen',
  driftPath: 'unicharge.drift.path',
  driftKind: 'unicharge.drift.kind',
  storeAction: 'unicharge.store.action',
  routeFrom: 'unicharge.route.from',
  routeTo: 'unicharge.route.to',
} as const;

/** Instruments of unicharge. */
export const instruments = {
  callDuration: 'unicharge.call.duration',
  attemptDuration: 'unicharge.attempt.duration',
  outcomes: 'unicharge.call.outcomes',
  lookups: 'unicharge.lookups',
  drift: 'unicharge.drift',
  failovers: 'unicharge.router.failovers',
} as const;
