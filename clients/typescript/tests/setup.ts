/** A server that the tests of the run share, each in its own workspace. */
import type { TestProject } from "vitest/node";

import { Salesd } from "./salesd.js";

declare module "vitest" {
  export interface ProvidedContext {
    target: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await new Salesd().start();
  project.provide("target", server.target);
  return async () => {
    const code = await server.stop();
    if (code !== 0) throw new Error(`salesd ended with ${code}`);
  };
}
