import {
  create,
  type DescMessage,
  type DescMethod,
  type DescMethodUnary,
  type DescService,
  type Message,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";

import { Backoff, unlessSilent } from "./backoff.js";
import { SalesError } from "./errors.js";
import { DEADLINE_MS } from "./gen/service_config.js";
import {
  type BackupStoreResponse,
  ChannelService,
  ContactService,
  type EventFilterSchema,
  EventService,
  FunnelService,
  HandoffService,
  type ImportLeadsRequestSchema,
  type ImportLeadsResponse,
  LeadService,
  PlanService,
  type RebuildTalliesResponse,
  ReportService,
  StoreService,
  TeamService,
  type WatchEventsResponse,
  type Workspace,
  WorkspaceService,
} from "./gen/v1.js";
import type { Call, Transport } from "./transport.js";

/** How many rows of an import are under way at once, and kept to be sent again. */
const IMPORT_CHUNK_MAX = 1000;
/** How long an import waits for a result, or for a lost server, before it gives up. */
const IMPORT_PATIENCE_MS = 60_000;
/** How long a watch may hear nothing: the server says every few seconds that it is there. */
const WATCH_SILENCE_MS = 60_000;

/** Settings of one call. */
export interface CallOptions {
  /** The deadline in milliseconds, retries included, instead of the client's. */
  timeoutMs?: number | undefined;
  /** Gives the call up; it then fails with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Whose calls a client makes, and how long they may take. */
export interface ClientOptions {
  /** The id of the workspace that calls are about. */
  workspace?: string | undefined;
  /** The id of who calls, kept in events. */
  actor?: string | undefined;
  /** The deadline of a call in milliseconds, retries included; 10 000 unless given. */
  timeoutMs?: number | undefined;
}

interface Page {
  readonly nextPageToken: string;
}

/** The messages that a page lists. */
export type ItemOf<P> = {
  [K in keyof P]-?: P[K] extends readonly (infer T extends Message)[] ? T : never;
}[keyof P];

/** A method as the client has it: a list is an iterator over all its pages. */
export type Verb<I extends DescMessage, O extends DescMessage> =
  MessageShape<O> extends Page
    ? (
        request?: MessageInitShape<I>,
        options?: CallOptions,
      ) => AsyncIterable<ItemOf<MessageShape<O>>>
    : (request?: MessageInitShape<I>, options?: CallOptions) => Promise<MessageShape<O>>;

/** The methods of a service that are no streams. */
export type Verbs<S extends DescService> = {
  [K in keyof S["method"] as S["method"][K] extends { methodKind: "unary" } ? K : never]: Verb<
    S["method"][K]["input"],
    S["method"][K]["output"]
  >;
};

const SERVICES: readonly DescService[] = [
  ChannelService,
  ContactService,
  EventService,
  FunnelService,
  HandoffService,
  LeadService,
  PlanService,
  ReportService,
  StoreService,
  TeamService,
  WorkspaceService,
];

// The interface gives types to the methods that are put into the class below, from the services.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface Client
  extends
    Verbs<typeof ChannelService>,
    Verbs<typeof ContactService>,
    Verbs<typeof EventService>,
    Verbs<typeof FunnelService>,
    Verbs<typeof HandoffService>,
    Verbs<typeof LeadService>,
    Verbs<typeof PlanService>,
    Verbs<typeof ReportService>,
    Verbs<typeof StoreService>,
    Verbs<typeof TeamService>,
    Verbs<typeof WorkspaceService> {}

/**
 * The verbs of one workspace, called by someone: every method of the contract by its name.
 *
 * A method takes the fields of its request. `parent`, where it is left out, is the client's
 * workspace; `requestId` is made once a call and goes with every retry, so that a write whose answer
 * was lost is not done twice. What is refused is thrown as a `SalesError`.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class Client {
  /** The name that the names of its resources begin with; empty without a workspace. */
  readonly workspace: string;
  readonly #transport: Transport;
  readonly #options: ClientOptions;

  /** @internal */
  constructor(transport: Transport, options: ClientOptions) {
    this.workspace = options.workspace ? `workspaces/${options.workspace}` : "";
    this.#transport = transport;
    this.#options = options;
  }

  /** A client of another workspace, or as someone else, on the same connection. */
  at(options: ClientOptions): Client {
    return new Client(this.#transport, { ...this.#options, ...options });
  }

  /** `name("channels", "ads")` is `workspaces/studio/channels/ads`. */
  name(...parts: string[]): string {
    return [this.workspace, ...parts].join("/");
  }

  /** Calls a method by its description, such as `v1.LeadService.method.getLead`. */
  call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request?: MessageInitShape<I>,
    options?: CallOptions,
  ): Promise<MessageShape<O>> {
    return this.#transport.unary(
      method,
      this.#complete(method.input, request),
      this.#call(options, this.#options.timeoutMs ?? DEADLINE_MS),
    );
  }

  /**
   * Gives every event after a revision, each once and in order, and goes on for ever.
   *
   * Each item holds whole revisions, or none where the filter passed over some; to go on another
   * day, watch after its `revision`. A lost server is waited for as long as it takes.
   */
  async *watch(
    afterRevision = 0n,
    options: { filter?: MessageInitShape<typeof EventFilterSchema>; signal?: AbortSignal } = {},
  ): AsyncGenerator<WatchEventsResponse, never, void> {
    const { signal } = options;
    const method = EventService.method.watchEvents;
    const backoff = new Backoff(Infinity, signal);
    for (;;) {
      const filter = options.filter ? { filter: options.filter } : {};
      const request = this.#complete(method.input, { afterRevision, ...filter });
      try {
        const silent = new SalesError("the server has gone silent", { code: "UNAVAILABLE" });
        const batches = unlessSilent(WATCH_SILENCE_MS, silent, signal, (either) =>
          this.#transport.stream(method, [request], this.#call({ signal: either })),
        );
        for await (const batch of batches) {
          backoff.reset();
          if (batch.revision > afterRevision) {
            afterRevision = batch.revision;
            yield batch;
          }
        }
      } catch (error) {
        backoff.check(error);
      }
      await backoff.wait();
    }
  }

  /**
   * Imports leads with their past; gives a result for each row, in the order of the rows.
   *
   * A lost server is waited for, and rows without a result are sent again: one that was written just
   * before is then `UNCHANGED`, since a row is known by its `externalId`. A rejected row is a result,
   * not an error.
   */
  async *importLeads(
    rows:
      | Iterable<MessageInitShape<typeof ImportLeadsRequestSchema>>
      | AsyncIterable<MessageInitShape<typeof ImportLeadsRequestSchema>>,
    { signal }: { signal?: AbortSignal } = {},
  ): AsyncGenerator<ImportLeadsResponse, void, void> {
    const method = LeadService.method.importLeads;
    for await (let chunk of chunks(rows, IMPORT_CHUNK_MAX)) {
      const backoff = new Backoff(IMPORT_PATIENCE_MS, signal);
      while (chunk.length > 0) {
        // Only the first row of a stream needs its parent.
        const requests = chunk.map((row, index) =>
          index === 0 ? this.#complete(method.input, row) : create(method.input, row),
        );
        let answered = 0;
        try {
          const silent = new SalesError("no result in time", { code: "DEADLINE_EXCEEDED" });
          const results = unlessSilent(IMPORT_PATIENCE_MS, silent, signal, (either) =>
            this.#transport.stream(method, requests, this.#call({ signal: either })),
          );
          for await (const result of results) {
            answered += 1;
            yield result;
          }
          if (answered < chunk.length) {
            throw new SalesError("the import was ended early", { code: "UNAVAILABLE" });
          }
        } catch (error) {
          if (answered > 0) backoff.reset();
          backoff.check(error);
        }
        chunk = chunk.slice(answered);
        if (answered === 0) await backoff.wait();
      }
    }
  }

  /**
   * Makes the tallies that reports read anew, while others read and write.
   *
   * Says now and then how far it is; the last answer is `done`, and says how many counts were wrong.
   * Leaving the iteration stops it.
   */
  rebuildTallies({ signal }: { signal?: AbortSignal } = {}): AsyncIterable<RebuildTalliesResponse> {
    const method = WorkspaceService.method.rebuildTallies;
    const request = create(method.input, { name: this.workspace });
    return this.#transport.stream(method, [request], this.#call({ signal }));
  }

  /**
   * Copies the server's store, while it serves: the `data` of the answers makes a file that is a store.
   * The last answer has the size and the SHA-256 of the whole, to compare with what was written.
   */
  async *backupStore({ signal }: { signal?: AbortSignal } = {}): AsyncGenerator<
    BackupStoreResponse,
    void,
    void
  > {
    const method = StoreService.method.backupStore;
    const request = create(method.input);
    let missing = true;
    for await (const part of this.#transport.stream(method, [request], this.#call({ signal }))) {
      missing = part.sha256 === "";
      yield part;
    }
    if (missing) throw new Error("the backup is cut off: make it again");
  }

  /** Gives everything that the workspace is, as text in pieces, for `importWorkspace`. */
  async *exportWorkspace({ signal }: { signal?: AbortSignal } = {}): AsyncGenerator<
    Uint8Array,
    void,
    void
  > {
    const method = WorkspaceService.method.exportWorkspace;
    const request = create(method.input, { name: this.workspace });
    const parts = this.#transport.stream(method, [request], this.#call({ signal }));
    for await (const { text } of parts) yield text;
  }

  /** Makes the workspace of what `exportWorkspace` gave elsewhere: all of it, or nothing. */
  async importWorkspace(
    pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<Workspace> {
    const method = WorkspaceService.method.importWorkspace;
    const { workspace } = this;
    async function* requests() {
      yield create(method.input, { name: workspace });
      for await (const text of pieces) yield create(method.input, { text });
    }
    for await (const made of this.#transport.stream(method, requests(), this.#call({ signal }))) {
      return made;
    }
    throw new Error("the server ended the import without an answer");
  }

  /** Closes the connection, also for the clients made by `at`; streams that go on then fail. */
  close(): void {
    this.#transport.close();
  }

  /** Closes the connection at the end of an `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  #call({ timeoutMs, signal }: CallOptions = {}, timeoutDefaultMs?: number): Call {
    return { actor: this.#options.actor ?? "", timeoutMs: timeoutMs ?? timeoutDefaultMs, signal };
  }

  /** The request of one call: a copy, since the request id must not come back in the next one. */
  #complete<I extends DescMessage>(schema: I, fields?: MessageInitShape<I>): MessageShape<I> {
    const created = create(schema, fields);
    const request = (created === fields ? { ...created } : created) as MessageShape<I> & {
      parent?: string;
      requestId?: string;
    };
    if (request.parent === "") request.parent = this.workspace;
    if (request.requestId === "") request.requestId = randomId();
    return request;
  }
}

const UNARY = SERVICES.flatMap((service) => service.methods).filter(
  (method): method is DescMethod & DescMethodUnary => method.methodKind === "unary",
);
for (const method of UNARY) {
  Object.defineProperty(Client.prototype, method.localName, {
    value: "nextPageToken" in method.output.field ? list(method) : verb(method),
  });
}

function verb(method: DescMethodUnary) {
  return function (this: Client, request?: MessageInitShape<DescMessage>, options?: CallOptions) {
    return this.call(method, request, options);
  };
}

function list(method: DescMethodUnary) {
  const items = method.output.fields.find((field) => field.fieldKind === "list");
  if (!items) throw new TypeError(`${method.output.typeName} lists nothing`);
  return async function* (
    this: Client,
    request?: MessageInitShape<DescMessage>,
    options?: CallOptions,
  ) {
    let pageToken: Partial<{ pageToken: string }> = {};
    for (;;) {
      const page = (await this.call(method, { ...request, ...pageToken }, options)) as Message &
        Page &
        Record<string, unknown>;
      yield* page[items.localName] as Message[];
      if (!page.nextPageToken) return;
      pageToken = { pageToken: page.nextPageToken };
    }
  };
}

async function* chunks<T>(
  source: Iterable<T> | AsyncIterable<T>,
  max: number,
): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const item of source) {
    if (chunk.push(item) < max) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Unlike `crypto.randomUUID`, there in pages that came over plain HTTP too. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
