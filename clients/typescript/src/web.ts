/**
 * A client of salesd for browsers, by way of a proxy that speaks gRPC-Web. Start at {@link connect};
 * the messages are in `v1`. In Node, import `libsales` instead.
 *
 * @packageDocumentation
 */
import type {
  DescMessage,
  DescMethodStreaming,
  DescMethodUnary,
  MessageShape,
} from "@bufbuild/protobuf";
import {
  Code as ConnectCode,
  ConnectError,
  createContextValues,
  type Transport as ConnectTransport,
} from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";

import { sleep } from "./backoff.js";
import { Client, type ClientOptions } from "./client.js";
import { type Detail, errorOf, SalesError } from "./errors.js";
import { RETRY } from "./gen/service_config.js";
import type { Call, Transport } from "./transport.js";
import { VERSION } from "./version.js";

export * from "./common.js";

/** How to reach a server, and whose calls to make. */
export interface ConnectOptions extends ClientOptions {
  /** The bearer token, or what gives it for each call. */
  token?: string | (() => string | Promise<string>) | undefined;
}

/** A client without imports: a browser cannot send a stream; `batchCaptureLeads` is no stream. */
export interface WebClient extends Omit<Client, "importLeads" | "importWorkspace" | "at"> {
  /** A client of another workspace, or as someone else. */
  at(options: ClientOptions): WebClient;
}

/** Makes a client of the server behind the gRPC-Web proxy at a URL: `location.origin`, say. */
export function connect(baseUrl: string, options: ConnectOptions = {}): WebClient {
  return new Client(new WebTransport(baseUrl, options), options);
}

class WebTransport implements Transport {
  readonly #connect: ConnectTransport;
  readonly #token: ConnectOptions["token"];
  /** Ends what goes on. */
  readonly #closed = new AbortController();

  constructor(baseUrl: string, options: ConnectOptions) {
    this.#connect = createGrpcWebTransport({ baseUrl });
    this.#token = options.token;
  }

  async unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageShape<I>,
    call: Call,
  ): Promise<MessageShape<O>> {
    const until = Date.now() + (call.timeoutMs ?? Infinity);
    const pausesMs = retryPausesMs();
    for (;;) {
      const signal = this.#signal(call);
      try {
        const timeoutMs = call.timeoutMs && Math.max(1, until - Date.now());
        const headers = await this.#headers(call);
        return (await this.#connect.unary(method, signal, timeoutMs, headers, request)).message;
      } catch (error) {
        const failed = failure(error, signal);
        const again =
          failed instanceof SalesError && RETRY.retryableStatusCodes.includes(failed.code);
        const pauseMs = pausesMs.shift();
        if (!again || pauseMs === undefined || Date.now() + pauseMs > until) throw failed;
        await sleep(pauseMs, signal);
      }
    }
  }

  async *stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodStreaming<I, O>,
    requests: Iterable<MessageShape<I>> | AsyncIterable<MessageShape<I>>,
    call: Call,
  ): AsyncGenerator<MessageShape<O>, void, void> {
    // Leaving the iteration ends the call.
    const left = new AbortController();
    const signal = AbortSignal.any([this.#signal(call), left.signal]);
    try {
      const { message } = await this.#connect.stream(
        method,
        signal,
        call.timeoutMs ?? 0,
        await this.#headers(call),
        streamOf(requests),
        createContextValues(),
      );
      yield* message;
    } catch (error) {
      throw failure(error, signal);
    } finally {
      left.abort();
    }
  }

  close(): void {
    this.#closed.abort(new Error("the client is closed"));
  }

  #signal({ signal }: Call): AbortSignal {
    return AbortSignal.any(signal ? [this.#closed.signal, signal] : [this.#closed.signal]);
  }

  async #headers(call: Call): Promise<Record<string, string>> {
    const token = typeof this.#token === "function" ? await this.#token() : this.#token;
    return {
      "x-user-agent": `libsales-typescript/${VERSION}`,
      ...(call.actor && { "sales-actor": call.actor }),
      ...(token && { authorization: `Bearer ${token}` }),
    };
  }
}

/** How long to wait before each further try, at random below the policy's pause. */
function retryPausesMs(): number[] {
  return Array.from({ length: RETRY.maxAttempts - 1 }, (_, tries) => {
    const pauseMs = RETRY.initialBackoffMs * RETRY.backoffMultiplier ** tries;
    return Math.random() * Math.min(pauseMs, RETRY.maxBackoffMs);
  });
}

async function* streamOf<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T> {
  yield* items;
}

function failure(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  const { code, rawMessage, details } = ConnectError.from(error);
  const packed = details.filter((detail): detail is Detail & typeof detail => "type" in detail);
  // What a browser says of a server that it does not reach, or loses, is a bare TypeError.
  const lost = error instanceof ConnectError && error.cause instanceof TypeError;
  return errorOf(lost ? ConnectCode.Unavailable : code, rawMessage, packed, error);
}
