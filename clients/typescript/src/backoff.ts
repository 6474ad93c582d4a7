import { SalesError } from "./errors.js";

/** Waits longer after each loss in a row, at random, so that clients do not return as one. */
export class Backoff {
  #pauseMs = 50;
  #until = 0;

  constructor(
    readonly patienceMs: number,
    readonly signal: AbortSignal | undefined,
  ) {
    this.reset();
  }

  reset(): void {
    this.#pauseMs = 50;
    this.#until = Date.now() + this.patienceMs;
  }

  /** Throws what another try does not help, or what has lasted too long. */
  check(error: unknown): void {
    const lost =
      error instanceof SalesError && (error.code === "UNAVAILABLE" || error.code === "CANCELLED");
    if (!lost || this.signal?.aborted || Date.now() > this.#until) throw error;
  }

  /** Sleeps before the next try. */
  async wait(): Promise<void> {
    await sleep(this.#pauseMs * (0.5 + Math.random() / 2), this.signal);
    this.#pauseMs = Math.min(this.#pauseMs * 2, 2000);
  }
}

/**
 * Passes on what a stream gives, and ends it with an error when the server is silent for too long. Only
 * the server's time counts, not that of whoever takes the answers.
 */
export async function* unlessSilent<T>(
  patienceMs: number,
  error: SalesError,
  signal: AbortSignal | undefined,
  open: (signal: AbortSignal) => AsyncIterable<T>,
): AsyncGenerator<T, void, void> {
  const silence = new AbortController();
  const listen = () =>
    setTimeout(() => {
      silence.abort(error);
    }, patienceMs);
  let timer = listen();
  try {
    const either = signal ? AbortSignal.any([silence.signal, signal]) : silence.signal;
    for await (const answer of open(either)) {
      clearTimeout(timer);
      yield answer;
      timer = listen();
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Waits, unless the signal says that nobody does any more. */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    const stop = () => {
      clearTimeout(timer);
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the caller's
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
  });
}
