/** What the programs of the bench say to each other. Each is a process of its own. */

export const benchedProviders = ['stripe', 'justifi', 'omise'] as const;
export type BenchedProvider = (typeof benchedProviders)[number];

/** Who makes the calls: this library, another build of it, it with a durable store, the official SDK, axios, node:http alone. */
export type Contestant = 'unicharge' | 'other build' | 'redis' | 'postgres' | 'sdk' | 'axios' | 'raw';

export type Operation = 'create' | 'create with key' | 'retrieve' | 'list' | 'webhook' | 'verify';

/** What a client process is started with. */
export interface ClientSetup {
  readonly provider: BenchedProvider;
  readonly contestant: Contestant;
  /** The folder of the build that is measured. */
  readonly dist: string;
  readonly origin: string;
  /** Where the server of the durable store is, for the two contestants that have one. */
  readonly storeUrl: string | null;
  /** What the server answers with, as far as a client has to know. */
  readonly known: Known;
}

/** What a client asks for: an id that the server knows, a source, and a signed event's body. */
export interface Known {
  readonly chargeId: string;
  readonly chargesOfList: number;
  readonly event: string;
}

/** One batch of calls. */
export interface Batch {
  readonly operation: Operation;
  readonly inFlight: number;
  readonly calls: number;
  /** The file for a CPU profile of the batch. */
  readonly profile?: string;
}

/** What a batch cost. */
export interface Measured {
  /** User and system time of the client process, in microseconds a call. */
  readonly cpu: number;
  /** Calls a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of the whole batch. */
  readonly elapsed: number;
  /** Round trips to a durable store, a call. */
  readonly storeTrips: number;
}

export type ClientReply = { readonly measured: Measured } | { readonly failed: string };

/** An answer of the server: texts with the stamp of the request between them, or one text where a request has none. */
export interface CannedAnswer {
  readonly status: number;
  readonly aroundStamp: readonly string[];
  readonly withoutStamp: string;
}

/** Method and path to an answer. A list is kept by the id that a page starts after. */
export interface ServerSetup {
  readonly answers: Readonly<Record<string, CannedAnswer>>;
  readonly pages: Readonly<Record<string, string>>;
}

/** What the server has done since it was asked last. */
export interface ServerReport {
  readonly requests: number;
  readonly cpu: number;
}

/** What the process is started with that makes a million charges. */
export interface MemorySetup {
  readonly dist: string;
  readonly answer: CannedAnswer;
  /** After how many charges the heap is read. */
  readonly marks: readonly number[];
  readonly callsOfSignal: number;
}

export interface MemoryReport {
  /** Bytes by mark, after collection. */
  readonly heap: Readonly<Record<number, number>>;
  readonly warnings: number;
  readonly listenersLeft: number;
}
