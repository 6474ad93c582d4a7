/**
 * Prints how far leads got, and what each channel brought.
 *
 * Usage: node report.js [HOST:PORT] [WORKSPACE]
 */
import { amount, connect } from "libsales";

const [target = "localhost:8443", workspace = "studio"] = process.argv.slice(2);

function percent(share = 0): string {
  return `${(share * 100).toFixed(1)} %`;
}

// [report]
await using sales = connect(target, { workspace });
const funnel = await sales.reportFunnel();
for (const { stage, reached, stepConversion: step } of funnel.stages) {
  const base = `${step?.numerator}/${step?.denominator}`;
  const interval = `95 % ${percent(step?.low)} to ${percent(step?.high)}`;
  console.log(`${stage}: ${reached}, ${percent(step?.value)} go on (${base}, ${interval})`);
}
const channels = await sales.reportChannels();
for (const { name, leads, won, revenue } of channels.rows) {
  console.log(`${name}: ${leads} leads, ${won} won, ${revenue ? amount(revenue) : "-"}`);
}
// [/report]
