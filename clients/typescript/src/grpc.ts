import { readFileSync, statSync } from "node:fs";
import { Readable } from "node:stream";

import {
  type DescMessage,
  type DescMethodStreaming,
  type DescMethodUnary,
  fromBinary,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import {
  type ChannelOptions,
  Client as GrpcClient,
  credentials,
  type ChannelCredentials,
  Metadata,
  type ServiceError,
} from "@grpc/grpc-js";

import { Client, type ClientOptions } from "./client.js";
import { errorOf } from "./errors.js";
import { StatusSchema } from "./gen/google/rpc/status_pb.js";
import { SERVICE_CONFIG } from "./gen/service_config.js";
import type { Call, Transport } from "./transport.js";
import { VERSION } from "./version.js";

/** How to reach a server, and whose calls to make. */
export interface ConnectOptions extends ClientOptions {
  /** Encrypts the connection; implied by the files below. */
  tls?: boolean | undefined;
  /** Whom to trust, in PEM, instead of the authorities that Node trusts. */
  caFile?: string | undefined;
  /** The client's certificate, in PEM, where the server asks for one; with `keyFile`. */
  certFile?: string | undefined;
  keyFile?: string | undefined;
  /** A file with the bearer token. */
  tokenFile?: string | undefined;
}

const LOOPBACK = /^(unix:.*|(dns:(\/\/\/)?)?(localhost|127(\.\d+){3}|\[::1\])(:\d+)?)$/;

const OPTIONS: ChannelOptions = {
  "grpc.primary_user_agent": `libsales-typescript/${VERSION}`,
  "grpc.service_config": JSON.stringify(SERVICE_CONFIG),
  "grpc.service_config_disable_resolution": 1,
  "grpc.enable_retries": 1,
  "grpc.max_receive_message_length": 64 << 20,
  // Each client has a connection of its own, not one with all others of the process.
  "grpc.use_local_subchannel_pool": 1,
  // A restarted server is found again while a call is retried, not after two minutes.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 500,
  // A watch notices that its peer is gone; servers refuse pings more often than 5 minutes.
  "grpc.keepalive_time_ms": 320_000,
};

/**
 * Makes a client of the server at `target`, `host:port`; it connects at the first call.
 *
 * Files are read again when they change: calls from then on go over a connection made with the new ones.
 * Without TLS the connection is not encrypted, and a token goes to this machine only. Options that do
 * not go together are a `TypeError`; a file that cannot be read is an error here too.
 */
export function connect(target: string, options: ConnectOptions = {}): Client {
  return new Client(new GrpcTransport(target, options), options);
}

class GrpcTransport implements Transport {
  readonly #client: () => GrpcClient;
  readonly #token: () => string;
  /** Ends streams that go on. */
  readonly #closed = new AbortController();

  constructor(target: string, options: ConnectOptions) {
    const { caFile, certFile, keyFile, tokenFile } = options;
    let made: GrpcClient | undefined;
    this.#client = madeOf([caFile, certFile, keyFile], () => {
      const next = new GrpcClient(target, channelCredentials(target, options), OPTIONS);
      // What goes on over the old connection ends there.
      made?.close();
      return (made = next);
    });
    this.#token = madeOf([tokenFile], () => {
      return tokenFile ? readFileSync(tokenFile, "utf8").trim() : "";
    });
  }

  unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageShape<I>,
    call: Call,
  ): Promise<MessageShape<O>> {
    const { signal } = call;
    return new Promise((resolve, reject) => {
      this.#closed.signal.throwIfAborted();
      signal?.throwIfAborted();
      const rpc = this.#client().makeUnaryRequest(
        path(method),
        serializer(method.input),
        deserializer(method.output),
        request,
        this.#metadata(call),
        deadline(call),
        (error, answer) => {
          signal?.removeEventListener("abort", cancel);
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- or what the caller gave
          if (error) reject(failure(error, signal));
          else resolve(answer as MessageShape<O>);
        },
      );
      const cancel = () => {
        rpc.cancel();
      };
      signal?.addEventListener("abort", cancel, { once: true });
    });
  }

  async *stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodStreaming<I, O>,
    requests: Iterable<MessageShape<I>> | AsyncIterable<MessageShape<I>>,
    call: Call,
  ): AsyncGenerator<MessageShape<O>, void, void> {
    const { signal: closed } = this.#closed;
    const signal = call.signal ? AbortSignal.any([closed, call.signal]) : closed;
    signal.throwIfAborted();
    // gRPC knows one kind of stream on the wire; the server decides how much of it to use.
    const rpc = this.#client().makeBidiStreamRequest(
      path(method),
      serializer(method.input),
      deserializer(method.output),
      this.#metadata(call),
      deadline(call),
    );
    const cancel = () => {
      rpc.cancel();
    };
    // What is thrown below is the first error; a cancelled call tells of its end once more.
    rpc.on("error", () => undefined);
    signal.addEventListener("abort", cancel, { once: true });
    const sending = Readable.from(requests);
    sending.on("error", (error) => rpc.destroy(error));
    sending.pipe(rpc as unknown as NodeJS.WritableStream);
    try {
      for await (const answer of rpc) yield answer as MessageShape<O>;
    } catch (error) {
      throw isServiceError(error) ? failure(error, signal) : error;
    } finally {
      sending.destroy();
      signal.removeEventListener("abort", cancel);
      rpc.cancel();
    }
  }

  close(): void {
    this.#closed.abort(new Error("the client is closed"));
    this.#client().close();
  }

  #metadata(call: Call): Metadata {
    const metadata = new Metadata();
    if (call.actor) metadata.set("sales-actor", call.actor);
    const token = this.#token();
    if (token) metadata.set("authorization", `Bearer ${token}`);
    return metadata;
  }
}

function path(method: { parent: { typeName: string }; name: string }): string {
  return `/${method.parent.typeName}/${method.name}`;
}

function deadline({ timeoutMs }: Call): { deadline?: number } {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}

function serializer<D extends DescMessage>(schema: D): (message: MessageShape<D>) => Buffer {
  return (message) => {
    const bytes = toBinary(schema, message);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
}

function deserializer<D extends DescMessage>(schema: D): (bytes: Buffer) => MessageShape<D> {
  // As plain bytes, since those of fields are views of these.
  return (bytes) =>
    fromBinary(schema, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** Tells what gRPC says from what the caller's own requests threw. */
function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "metadata" in error && "code" in error;
}

function failure(error: ServiceError, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  const packed = error.metadata.get("grpc-status-details-bin")[0];
  const details = packed instanceof Buffer ? fromBinary(StatusSchema, packed).details : [];
  return errorOf(
    error.code,
    error.details,
    details.map(({ typeUrl, value }) => ({ type: typeUrl.replace(/.*\//, ""), value })),
    error,
  );
}

function channelCredentials(target: string, options: ConnectOptions): ChannelCredentials {
  const { caFile, certFile, keyFile, tokenFile } = options;
  if (!certFile !== !keyFile) throw new TypeError("certFile and keyFile go together");
  if (options.tls || caFile || certFile) {
    const read = (file: string | undefined) => (file ? readFileSync(file) : null);
    return credentials.createSsl(read(caFile), read(keyFile), read(certFile));
  }
  if (tokenFile && !LOOPBACK.test(target)) {
    throw new TypeError(`a token is not sent in the clear: connect to ${target} with tls`);
  }
  return credentials.createInsecure();
}

/** Gives what is made of files, and makes it anew when it is asked for and they have changed. */
function madeOf<T>(files: (string | undefined)[], make: () => T): () => T {
  const look = () => files.map((file) => file && stamp(file)).join();
  let seen = look();
  let made = make();
  return () => {
    try {
      const now = look();
      if (now !== seen) made = make();
      seen = now;
    } catch {
      // Files that are being swapped do not go together for a moment: the old ones hold.
    }
    return made;
  };
}

function stamp(file: string): string {
  const { ino, size, mtimeMs } = statSync(file);
  return `${ino} ${size} ${mtimeMs}`;
}
