import type OpenAI from "openai";
import { APIError, toFile } from "openai";
import { parseJson } from "../../files.js";
import { Unavailable, Unsupported } from "../../errors.js";
import type { LlmAnswer, LlmBatches, LlmFailure, LlmRequest } from "../ports.js";
import { cutBatches } from "./cut-batches.js";
import { explainFailure } from "./explain-failure.js";
import { pause } from "./pause.js";
import { readOne } from "./read-completion.js";

const LONGEST_POLL_MS = 300_000;
const POLL_GROWTH = 1.3;
/** Times that a look at a batch may fail before it is given up. */
const RETRIES = 6;
/** What our name of a batch is called in its metadata. */
const NAME = "kouwen";
/** States that a batch does not leave. */
const OVER = ["completed", "failed", "expired", "cancelled"];
/** What servers answer on a path that they do not have. */
const NOT_THERE = [404, 405, 501];

/**
 * The batches of an OpenAI-compatible API: a file of requests is uploaded, worked through within a day, and a file of
 * answers fetched.
 *
 * @source OpenAI's Batch API; DashScope's compatible mode speaks the same
 */
export function openBatches({
  client,
  host,
  model,
  stage,
  pollMs,
  count,
  bodyOf,
}: {
  client: OpenAI;
  host: string;
  model: string;
  stage: string;
  pollMs: number;
  /** Is told how many bytes are about to leave. */
  count: (bytes: number) => void;
  bodyOf: (request: LlmRequest) => object;
}): LlmBatches {
  const lineOf = (id: string, request: LlmRequest): string =>
    JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body: bodyOf(request) });
  const refuse = (what: string, next: string): never => {
    throw new Unavailable(`${stage} ${host}: ${what}. ${next}.`, { stage });
  };
  const call = async <Result>(
    what: string,
    signal: AbortSignal | undefined,
    send: (options: { signal: AbortSignal | null; maxRetries: number }) => Promise<Result>,
  ): Promise<Result> => {
    try {
      return await send({ signal: signal ?? null, maxRetries: RETRIES });
    } catch (error) {
      signal?.throwIfAborted();
      if (isNotThere(error)) {
        throw new Unsupported(
          `${stage} ${host}: this service takes no batches (HTTP ${error.status}). Run without --batch.`,
          { stage },
        );
      }
      const { failed } = explainFailure(error, { host, model, stage, last: true });
      return refuse(`${what} failed (${failed})`, "Run again, or without --batch");
    }
  };
  return {
    cut: (requests) => cutBatches(requests, (id, request) => Buffer.byteLength(lineOf(id, request)) + 1),
    create: async (requests, name, signal) => {
      const lines = [...requests].map(([id, request]) => lineOf(id, request));
      const file = Buffer.from(`${lines.join("\n")}\n`);
      count(file.length);
      const input = await call("handing in the batch", signal, async (options) =>
        client.files.create({ file: await toFile(file, "requests.jsonl"), purpose: "batch" }, options),
      );
      const { id } = await call("starting the batch", signal, (options) =>
        client.batches.create(
          {
            input_file_id: input.id,
            endpoint: "/v1/chat/completions",
            completion_window: "24h",
            metadata: { [NAME]: name },
          },
          // One that was started although the answer got lost is found by its name.
          { ...options, maxRetries: 0 },
        ),
      );
      return id;
    },
    find: async (name, signal) => {
      const { data } = await call("listing the batches", signal, (options) =>
        client.batches.list({ limit: 100 }, options),
      );
      return data.find(({ metadata }) => metadata?.[NAME] === name)?.id;
    },
    collect: async (id, waiting, signal) => {
      for (let wait = pollMs; ; wait = Math.min(LONGEST_POLL_MS, wait * POLL_GROWTH)) {
        const batch = await call("looking after the batch", signal, (options) =>
          client.batches.retrieve(id, options).catch(unknownAsUndefined),
        );
        if (batch === undefined) return undefined;
        const { total = 0, completed = 0, failed = 0 } = batch.request_counts ?? {};
        waiting(completed + failed, total);
        if (!OVER.includes(batch.status)) {
          await pause(wait, signal);
          continue;
        }
        // One that expired or was cancelled has answers too; what has none is asked one by one.
        if (batch.output_file_id === undefined || batch.output_file_id === null) return new Map();
        const file = batch.output_file_id;
        return call("fetching the answers", signal, async (options) => {
          const response = await client.files.content(file, options).catch(unknownAsUndefined);
          return response && readAnswers(await response.text(), stage);
        });
      }
    },
  };
}

function isNotThere(error: unknown): error is APIError {
  return error instanceof APIError && NOT_THERE.includes(error.status as number);
}

/** What the service has thrown away since, it says as if it had never been there. */
function unknownAsUndefined(error: unknown): undefined {
  if (isNotThere(error)) return undefined;
  throw error;
}

function readAnswers(file: string, stage: string): Map<string, LlmAnswer | LlmFailure> {
  const answers = new Map<string, LlmAnswer | LlmFailure>();
  for (const line of file.split("\n")) {
    if (line.trim() === "") continue;
    const { custom_id: id, response } = parseLine(line, stage);
    if (typeof id !== "string") continue;
    const completion = response?.status_code === 200 ? readOne(response.body ?? null) : undefined;
    if (completion === undefined) answers.set(id, { failed: "unreadable" });
    else {
      const { text, finish, tokens } = completion;
      const used = tokens ?? { promptTokens: 0, answerTokens: 0 };
      answers.set(id, { text, whole: finish === "stop", ...used });
    }
  }
  return answers;
}

type Line = {
  custom_id?: unknown;
  response?: { status_code?: unknown; body?: Parameters<typeof readOne>[0] } | null;
};

function parseLine(line: string, stage: string): Line {
  try {
    return parseJson(line, stage, "batch") ?? {};
  } catch {
    return {};
  }
}
