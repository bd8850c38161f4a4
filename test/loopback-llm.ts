import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as the server got it. */
export type SeenRequest = {
  path: string;
  authorization: string | undefined;
  body: {
    model: string;
    messages: { role: string; content: string }[];
    max_tokens?: number;
    seed?: number;
    stream?: boolean;
    stream_options?: { include_usage?: boolean };
  };
};

/** What the server does with a request. */
export type Reaction =
  /** `usage`: whether it tells the tokens; `streams`: whether it streams when asked to. */
  | { text: string; finish?: "stop" | "length" | "content_filter"; usage?: false; streams?: false }
  | { status: number; code?: string; retryAfterMs?: number }
  /** Any bytes in place of the body of a successful answer. */
  | { raw: string; type?: "application/json" | "text/event-stream" }
  /** The connection ends in the middle of the body. */
  | "cut"
  /** The body ends, as if that were all, before the answer does. */
  | "end"
  /** The answer begins and does not go on. */
  | "stall"
  /** Nothing ever comes. */
  | "silence";

/** How batches go. */
export type BatchWays = {
  /** How often a batch is looked at before it is over. */
  looks: number;
  /** How it ends then; completed unless told. */
  status?: "completed" | "expired" | "failed";
  /** Is called before the server answers that it has a batch, or how far it is. */
  onCall?: (what: "created" | "looked") => void;
};

/** A batch as the server keeps it. */
export type SeenBatch = { id: string; metadata: Record<string, string>; requests: string; looks: number };

export type LoopbackLlm = {
  url: string;
  /** Requests for chat completions, those in batches not counted. */
  seen: SeenRequest[];
  batches: SeenBatch[];
  close: () => Promise<void>;
};

/**
 * A chat completions API on loopback that speaks OpenAI's wire format, streaming or not, and its batches.
 *
 * @param react what to do with each request; may wait before it says so
 * @param batch how batches go; unless told, there are none. A reaction of `raw` is a line of the answers as it is, one
 *   without a body no line
 */
export async function startLoopbackLlm(
  react: (request: SeenRequest, count: number) => Reaction | Promise<Reaction>,
  batch?: BatchWays,
): Promise<LoopbackLlm> {
  const seen: SeenRequest[] = [];
  const files = new Map<string, string>();
  const batches: SeenBatch[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = Buffer.concat(chunks).toString();
    const path = request.url!;
    if (batch && /^\/v1\/(files|batches)/.test(path)) {
      await serveBatches({ path, sent, method: request.method!, files, batches, batch, react }, response);
      return;
    }
    if (path !== "/v1/chat/completions") {
      answer(response, { status: 404 }, false);
      return;
    }
    const body = JSON.parse(sent) as SeenRequest["body"];
    const one = { path, authorization: request.headers.authorization, body };
    seen.push(one);
    answer(response, await react(one, seen.length), body.stream === true, body);
  };
  const server = createServer((request, response) => void serve(request, response).catch(() => {}));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    seen,
    batches,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(
  response: ServerResponse,
  reaction: Reaction,
  streamed: boolean,
  body?: SeenRequest["body"],
): void {
  const stream = streamed && !(typeof reaction === "object" && "streams" in reaction);
  const type = stream ? "text/event-stream" : "application/json";
  const begun = stream ? event(chunk({ content: "[" }, null)) : '{"id":"c-1","object":"chat.comp';
  if (reaction === "silence") return;
  if (reaction === "cut" || reaction === "stall") {
    response.writeHead(200, { "content-type": type });
    response.write(begun, () => {
      if (reaction === "cut") response.destroy();
    });
  } else if (reaction === "end") response.writeHead(200, { "content-type": type }).end(begun);
  else if ("status" in reaction) {
    const { status, code = null, retryAfterMs } = reaction;
    const headers = retryAfterMs === undefined ? {} : { "retry-after-ms": String(retryAfterMs) };
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ error: { message: "no", type: "error", param: null, code } }));
  } else if ("raw" in reaction) {
    response.writeHead(200, { "content-type": reaction.type ?? type }).end(reaction.raw);
  } else if (stream) {
    response.writeHead(200, { "content-type": type });
    const { text, finish = "stop" } = reaction;
    response.write(event(chunk({ role: "assistant", content: "" }, null)));
    for (let at = 0; at < text.length; at += 40) {
      response.write(event(chunk({ content: text.slice(at, at + 40) }, null)));
    }
    response.write(event(chunk({}, finish)));
    if (body?.stream_options?.include_usage === true && reaction.usage !== false) {
      response.write(event({ ...chunk({}, null), choices: [], usage: usageOf(body, text) }));
    }
    response.end("data: [DONE]\n\n");
  } else {
    response.writeHead(200, { "content-type": type }).end(JSON.stringify(completion(reaction, body!)));
  }
}

function completion(
  { text, finish = "stop", usage }: Extract<Reaction, { text: string }>,
  body: SeenRequest["body"],
): object {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_780_000_000,
    model: body.model,
    choices: [
      { index: 0, message: { role: "assistant", content: text }, logprobs: null, finish_reason: finish },
    ],
    ...(usage !== false && { usage: usageOf(body, text) }),
  };
}

function chunk(delta: object, finish: string | null): object {
  return {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1_780_000_000,
    model: "m",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  };
}

function event(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function usageOf({ messages }: SeenRequest["body"], text: string): object {
  const prompt = messages.reduce((sum, { content }) => sum + content.length, 0);
  return { prompt_tokens: prompt, completion_tokens: text.length, total_tokens: prompt + text.length };
}

/** Upload, creation, list, state and answers of batches. */
async function serveBatches(
  {
    path,
    sent,
    method,
    files,
    batches,
    batch: { looks, status = "completed", onCall },
    react,
  }: {
    path: string;
    sent: string;
    method: string;
    files: Map<string, string>;
    batches: SeenBatch[];
    batch: BatchWays;
    react: (request: SeenRequest, count: number) => Reaction | Promise<Reaction>;
  },
  response: ServerResponse,
): Promise<void> {
  const send = (value: unknown): void => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
  };
  const state = (one: SeenBatch): object => {
    const over = one.looks >= looks;
    const total = one.requests.trim().split("\n").length;
    return {
      id: one.id,
      object: "batch",
      endpoint: "/v1/chat/completions",
      status: over ? status : "in_progress",
      metadata: one.metadata,
      output_file_id: over && status !== "failed" ? `file-out-${one.id}` : null,
      error_file_id: null,
      request_counts: { total, completed: over ? total : 0, failed: 0 },
    };
  };
  if (path === "/v1/files") {
    const id = `file-${files.size + 1}`;
    // The one part that is JSON lines.
    files.set(id, sent.split("\r\n").find((part) => part.startsWith('{"custom_id"')) ?? "");
    return send({ id, object: "file", purpose: "batch" });
  }
  if (path === "/v1/batches" && method === "POST") {
    const { input_file_id: input, metadata } = JSON.parse(sent);
    const one = { id: `batch-${batches.length + 1}`, metadata, requests: files.get(input)!, looks: 0 };
    batches.push(one);
    onCall?.("created");
    return send(state(one));
  }
  if (path.startsWith("/v1/batches?")) {
    return send({ object: "list", data: batches.toReversed().map(state), has_more: false });
  }
  const one = batches.find(({ id }) => path.split("/")[3]!.endsWith(id));
  if (!one) return answer(response, { status: 404 }, false);
  if (path.startsWith("/v1/batches/")) {
    const told = state(one);
    one.looks += 1;
    onCall?.("looked");
    return send(told);
  }
  const lines: string[] = [];
  for (const line of one.requests.trim().split("\n")) {
    const { custom_id: id, body } = JSON.parse(line);
    const reaction = await react({ path: "batch", authorization: undefined, body }, 0);
    if (typeof reaction === "string") continue;
    if ("raw" in reaction) {
      lines.push(reaction.raw);
      continue;
    }
    const ok = "text" in reaction;
    const inner = ok ? completion(reaction, body) : { error: { message: "no" } };
    const code = ok ? 200 : "status" in reaction ? reaction.status : 500;
    lines.push(JSON.stringify({ custom_id: id, response: { status_code: code, body: inner }, error: null }));
  }
  // In any order, as services do.
  response.writeHead(200, { "content-type": "application/jsonl" }).end(lines.toReversed().join("\n"));
}
