import { defineConfig } from "vite";

// Calls go to where the page is from, and from there to the gRPC-Web proxy: one origin.
const proxy = { "^/sales\\.v1\\.": process.env.GRPC_WEB_PROXY ?? "http://127.0.0.1:8080" };

export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias: { "libsales/web": `${import.meta.dirname}/../src/web.ts` } },
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: { target: "es2022", emptyOutDir: true },
  server: { proxy },
  preview: { proxy },
});
