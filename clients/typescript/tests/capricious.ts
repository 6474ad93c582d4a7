/** A gRPC server that records what it is sent, and does what a test tells it to. */
import type { Readable } from "node:stream";

import {
  type DescMethod,
  type DescService,
  fromBinary,
  type Message,
  toBinary,
} from "@bufbuild/protobuf";
import * as grpc from "@grpc/grpc-js";

import { v1 } from "../src/index.js";

/** Answers the call with the number, from 1; what it throws is the status. */
export type Behaviour<A = AsyncIterable<Message> | Promise<Message>> = (
  count: number,
  request: AsyncIterable<Message>,
) => A;

export class Capricious {
  readonly requests: Message[] = [];
  readonly metadata: grpc.Metadata[] = [];
  #calls = 0;

  private constructor(
    readonly port: number,
    readonly server: grpc.Server,
  ) {}

  static async start(behave: Behaviour): Promise<Capricious> {
    const server = new grpc.Server();
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
        if (error) reject(error);
        else resolve(bound);
      });
    });
    const capricious = new Capricious(port, server);
    for (const service of [v1.LeadService, v1.EventService, v1.StoreService, v1.WorkspaceService]) {
      server.addService(definition(service), capricious.#handlers(service, behave));
    }
    return capricious;
  }

  get target(): string {
    return `127.0.0.1:${this.port}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.server.forceShutdown();
    return Promise.resolve();
  }

  #handlers(service: DescService, behave: Behaviour): grpc.UntypedServiceImplementation {
    const handler = (call: grpc.ServerDuplexStream<Message, Message>) => {
      this.metadata.push(call.metadata);
      this.#calls += 1;
      void this.#answer(call, behave, this.#calls);
    };
    return Object.fromEntries(service.methods.map((method) => [method.name, handler]));
  }

  async #answer(
    call: grpc.ServerDuplexStream<Message, Message>,
    behave: Behaviour,
    count: number,
  ): Promise<void> {
    // A client that goes away in the middle is no fault of the server's.
    call.on("error", () => undefined);
    try {
      const answer = behave(count, this.#recorded(call));
      if (answer instanceof Promise) call.write(await answer);
      else for await (const message of answer) call.write(message);
      call.end();
    } catch (status) {
      call.emit("error", status);
    }
  }

  async *#recorded(call: Readable): AsyncGenerator<Message> {
    // Whoever has read enough still has to answer.
    for await (const request of call.iterator({ destroyOnReturn: false })) {
      this.requests.push(request as Message);
      yield request as Message;
    }
  }
}

// All methods are streams here: on the wire a single message is a stream of one.
function definition(service: DescService): grpc.ServiceDefinition {
  return Object.fromEntries(
    service.methods.map((method: DescMethod) => [
      method.name,
      {
        path: `/${service.typeName}/${method.name}`,
        requestStream: true,
        responseStream: true,
        requestSerialize: (message: Message) => Buffer.from(toBinary(method.input, message)),
        requestDeserialize: (bytes: Buffer) => fromBinary(method.input, bytes),
        responseSerialize: (message: Message) => Buffer.from(toBinary(method.output, message)),
        responseDeserialize: (bytes: Buffer) => fromBinary(method.output, bytes),
      },
    ]),
  );
}

/** A status to throw. */
export function status(code: grpc.status, details = "", metadata = new grpc.Metadata()) {
  return Object.assign(new Error(details), { code, details, metadata });
}

/** The only request of a call that is no stream. */
export async function only<T extends Message>(requests: AsyncIterable<Message>): Promise<T> {
  for await (const request of requests) return request as T;
  throw new Error("no request");
}
