import { fromBinary } from "@bufbuild/protobuf";

import { durationMs } from "@bufbuild/protobuf/wkt";

import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  RetryInfoSchema,
} from "./gen/google/rpc/error_details_pb.js";

// In the order of their numbers.
const CODES = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
] as const;

/** A canonical code of gRPC, by its name. */
export type Code = (typeof CODES)[number];

/** What is wrong with one field of the request. */
export interface FieldViolation {
  /** A path: `contact.identities[0].value`. */
  readonly field: string;
  readonly description: string;
}

/** A condition of the funnel policy that the lead does not meet. */
export interface MissingCondition {
  /** In the policy's words: `requirements_agreed`, `interest >= 50`. */
  readonly condition: string;
  /** The stage whose entry asks for it. */
  readonly stage: string;
  readonly description: string;
}

/** A packed message among the details of a status. */
export interface Detail {
  readonly type: string;
  readonly value: Uint8Array;
}

/**
 * A call that was not answered as asked. Decide by `code`, or by `reason`, which is finer.
 *
 * After `DEADLINE_EXCEEDED` it is unknown whether the call was done: repeat it with the same
 * `requestId`. `UNAVAILABLE` was retried already. `ABORTED`: somebody else was first; read again
 * and decide anew.
 */
export class SalesError extends Error {
  override readonly name = "SalesError";
  readonly code: Code;
  /** From the published list, such as `ETAG_MISMATCH`; empty if the server never saw the call. */
  readonly reason: string = "";
  readonly metadata: Readonly<Record<string, string>> = {};
  /** Of `INVALID_ARGUMENT`: the fields at fault. */
  readonly fields: readonly FieldViolation[] = [];
  /** Of a refused move: each condition that is unmet. */
  readonly missing: readonly MissingCondition[] = [];
  /** How long the server asks to wait before another try; 0 where it said nothing. */
  readonly retryDelayMs: number = 0;

  /** @internal */
  constructor(code: number, message: string, details: readonly Detail[], cause: unknown) {
    super(message, { cause });
    this.code = CODES[code] ?? "UNKNOWN";
    for (const { type, value } of details) {
      switch (type) {
        case ErrorInfoSchema.typeName:
          ({ reason: this.reason, metadata: this.metadata } = fromBinary(ErrorInfoSchema, value));
          break;
        case BadRequestSchema.typeName:
          this.fields = fromBinary(BadRequestSchema, value).fieldViolations.map(
            ({ field, description }) => ({ field, description }),
          );
          break;
        case PreconditionFailureSchema.typeName:
          this.missing = fromBinary(PreconditionFailureSchema, value).violations.map(missing);
          break;
        case RetryInfoSchema.typeName: {
          const { retryDelay } = fromBinary(RetryInfoSchema, value);
          this.retryDelayMs = retryDelay ? durationMs(retryDelay) : 0;
          break;
        }
      }
    }
    this.message = `${this.reason || this.code}: ${message}`;
  }

  /** @internal What the client itself has to say. */
  static of(code: Code, message: string): SalesError {
    return new SalesError(CODES.indexOf(code), message, [], undefined);
  }
}

/** The description is "condition: what it asks for", or the condition alone. */
function missing(violation: { subject: string; description: string }): MissingCondition {
  const [condition = "", ...rest] = violation.description.split(": ");
  return { condition, stage: violation.subject, description: rest.join(": ") };
}
