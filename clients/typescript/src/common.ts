/** What both entrances of the package have. */
export { type CallOptions, Client, type ClientOptions } from "./client.js";
export {
  type Code,
  type FieldViolation,
  type MissingCondition,
  SalesError,
  type SalesErrorInit,
} from "./errors.js";
export * as v1 from "./gen/v1.js";
export {
  amount,
  email,
  external,
  instant,
  isoTime,
  messenger,
  money,
  phone,
  timestamp,
} from "./values.js";
export { VERSION } from "./version.js";
