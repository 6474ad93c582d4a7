/**
 * Prints what happens in a workspace, from the beginning and on; interrupt to stop.
 *
 * Usage: node watch.js [HOST:PORT] [WORKSPACE] [AFTER_REVISION]
 */
import { connect, v1 } from "libsales";

const [target = "localhost:8443", workspace = "studio", after = "0"] = process.argv.slice(2);
const afterRevision = BigInt(after);

// [watch]
await using sales = connect(target, { workspace });
for await (const { events } of sales.watch(afterRevision)) {
  for (const event of events) {
    console.log(event.revision, v1.EventType[event.type], event.lead || event.subject);
  }
  // Keep the batch's `revision`: it is where to go on after a restart.
}
// [/watch]
