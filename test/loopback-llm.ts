import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as the server got it. */
export type SeenRequest = {
  path: string;
  authorization: string | undefined;
  body: { model: string; messages: { role: string; content: string }[]; max_tokens?: number; seed?: number };
};

/** What the server does with a request. */
export type Reaction =
  | { text: string; finish?: "stop" | "length" | "content_filter" }
  | { status: number; code?: string; retryAfterMs?: number }
  /** Any bytes in place of the body of a successful answer. */
  | { raw: string }
  /** The connection ends in the middle of the body. */
  | "cut"
  /** Nothing ever comes. */
  | "silence";

export type LoopbackLlm = { url: string; seen: SeenRequest[]; close: () => Promise<void> };

/**
 * A chat completions API on loopback that speaks OpenAI's wire format.
 *
 * @param react what to do with each request; may wait before it says so
 */
export async function startLoopbackLlm(
  react: (request: SeenRequest, count: number) => Reaction | Promise<Reaction>,
): Promise<LoopbackLlm> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as SeenRequest["body"];
      const one = { path: request.url!, authorization: request.headers.authorization, body };
      seen.push(one);
      void Promise.resolve(react(one, seen.length)).then((reaction) => answer(response, one, reaction));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, { body }: SeenRequest, reaction: Reaction): void {
  if (reaction === "silence") return;
  if (reaction === "cut") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"id":"c-1","object":"chat.comp', () => response.destroy());
    return;
  }
  if ("status" in reaction) {
    const { status, code = null, retryAfterMs } = reaction;
    const headers = retryAfterMs === undefined ? {} : { "retry-after-ms": String(retryAfterMs) };
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ error: { message: "no", type: "error", param: null, code } }));
    return;
  }
  response.writeHead(200, { "content-type": "application/json" });
  if ("raw" in reaction) {
    response.end(reaction.raw);
    return;
  }
  const { text, finish = "stop" } = reaction;
  const prompt = body.messages.reduce((sum, { content }) => sum + content.length, 0);
  response.end(
    JSON.stringify({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1_780_000_000,
      model: body.model,
      choices: [
        { index: 0, message: { role: "assistant", content: text }, logprobs: null, finish_reason: finish },
      ],
      usage: { prompt_tokens: prompt, completion_tokens: text.length, total_tokens: prompt + text.length },
    }),
  );
}
