import type {
  DescMessage,
  DescMethodStreaming,
  DescMethodUnary,
  MessageShape,
} from "@bufbuild/protobuf";

/** What goes with a call beside its request. */
export interface Call {
  /** Who calls; empty: nobody says. */
  readonly actor: string;
  /** How long to wait for the answer, in milliseconds; for ever if undefined. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * How messages travel. What fails is thrown as a `SalesError`, and as the signal's reason if the
 * caller gave up.
 */
export interface Transport {
  unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageShape<I>,
    call: Call,
  ): Promise<MessageShape<O>>;
  /** Sends the requests and gives the answers; leaving the iteration cancels the call. */
  stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodStreaming<I, O>,
    requests: Iterable<MessageShape<I>> | AsyncIterable<MessageShape<I>>,
    call: Call,
  ): AsyncIterable<MessageShape<O>>;
  close(): void;
}
