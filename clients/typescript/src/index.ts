/**
 * A client of salesd, for Node. Start at {@link connect}; the messages are in `v1`. In a browser,
 * import `libsales/web` instead.
 *
 * @packageDocumentation
 */
export * from "./common.js";
export { connect, type ConnectOptions } from "./grpc.js";
