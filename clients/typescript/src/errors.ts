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

/** What a `SalesError` says beside its message. */
export interface SalesErrorInit {
  readonly code: Code;
  readonly reason?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly fields?: readonly FieldViolation[];
  readonly missing?: readonly MissingCondition[];
  readonly retryDelayMs?: number;
  readonly cause?: unknown;
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
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Of `INVALID_ARGUMENT`: the fields at fault. */
  readonly fields: readonly FieldViolation[];
  /** Of a refused move: each condition that is unmet. */
  readonly missing: readonly MissingCondition[];
  /** How long the server asks to wait before another try; 0 where it said nothing. */
  readonly retryDelayMs: number;

  constructor(message: string, init: SalesErrorInit) {
    super(`${init.reason || init.code}: ${message}`, { cause: init.cause });
    this.code = init.code;
    this.reason = init.reason ?? "";
    this.metadata = init.metadata ?? {};
    this.fields = init.fields ?? [];
    this.missing = init.missing ?? [];
    this.retryDelayMs = init.retryDelayMs ?? 0;
  }
}

/** A packed message among the details of a status. */
export interface Detail {
  readonly type: string;
  readonly value: Uint8Array;
}

/** The error that a status is, with what its details say. */
export function errorOf(
  code: number,
  message: string,
  details: readonly Detail[],
  cause: unknown,
): SalesError {
  const said = details.map(partOf).reduce((all, part) => ({ ...all, ...part }), {});
  return new SalesError(message, { ...said, code: CODES[code] ?? "UNKNOWN", cause });
}

function partOf({ type, value }: Detail): Partial<SalesErrorInit> {
  switch (type) {
    case ErrorInfoSchema.typeName: {
      const { reason, metadata } = fromBinary(ErrorInfoSchema, value);
      return { reason, metadata };
    }
    case BadRequestSchema.typeName: {
      const { fieldViolations } = fromBinary(BadRequestSchema, value);
      return { fields: fieldViolations.map(({ field, description }) => ({ field, description })) };
    }
    case PreconditionFailureSchema.typeName:
      return { missing: fromBinary(PreconditionFailureSchema, value).violations.map(missing) };
    case RetryInfoSchema.typeName: {
      const { retryDelay } = fromBinary(RetryInfoSchema, value);
      return { retryDelayMs: retryDelay ? durationMs(retryDelay) : 0 };
    }
    default:
      return {};
  }
}

/** The description is "condition: what it asks for", or the condition alone. */
function missing(violation: { subject: string; description: string }): MissingCondition {
  const [condition = "", ...rest] = violation.description.split(": ");
  return { condition, stage: violation.subject, description: rest.join(": ") };
}
