import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { readdir, readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { writeTinyModel } from "./tiny-model.js";

export type LoopbackHub = {
  /** Its address without a slash at the end. */
  url: string;
  /** Each request as `method path`, with the range and a mark where a token came with it. */
  requests: string[];
  close: () => Promise<void>;
};

/** How the hub misbehaves; the path of a file picks it out. */
export type Mischief = {
  /** Answers everything with this status, as the real one does for a login or a wrong name. */
  status?: number;
  /** Lists files but gives none of them, as for a model whose terms were not accepted. */
  gated?: number;
  /** Answers so many requests with 429 and the wish to be left alone for so long. */
  busy?: { times: number; retryAfter: string };
  /** Closes the connection after this many bytes of the body, this many times. */
  cut?: { path: string; after: number; times: number };
  /** Sends this many bytes of the body and no more, keeps the connection, and tells once. */
  held?: { path: string; after: number; reached: () => unknown };
  /** Lists a size that differs from the file's by this. */
  listedSize?: { path: string; more: number };
  /** Serves other bytes of the same size. */
  flipped?: string;
  /** Where large files lie, when not on the hub itself: the address of another one. */
  cdn?: string;
  /** Is called when a body is asked for, before a byte is sent. */
  onBody?: (path: string) => void;
};

/** The files of a tiny model, as a hub holds them; made in a folder that is not there yet. */
export async function tinyModelFiles(folder: string): Promise<Record<string, Buffer>> {
  await writeTinyModel(folder, { architecture: "qwen2", tied: true, seed: 1, layers: 1 });
  const files: Record<string, Buffer> = {};
  for (const name of await readdir(folder)) files[name] = await readFile(join(folder, name));
  return files;
}

/** The commit that is the newest of the branch `main`. */
export const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/**
 * A model hub on loopback that speaks as Hugging Face and as ModelScope do: the newest commit, the list of a
 * repository's files, and files by range, the large ones behind a redirect. Holds one model.
 */
export async function startLoopbackHub(
  id: string,
  files: Record<string, Buffer>,
  mischief: Mischief = {},
): Promise<LoopbackHub> {
  const requests: string[] = [];
  const cuts = { left: mischief.cut?.times ?? 0 };
  const server = createServer((request, response) => {
    const { authorization, cookie, range } = request.headers;
    requests.push(
      [request.method, request.url, range, (authorization || cookie) && "with token"]
        .filter(Boolean)
        .join(" "),
    );
    answer(request, response);
  });
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url!.split("?")[0]!;
    const name = path.split("/").at(-1)!;
    if (mischief.status !== undefined) return refuse(response, mischief.status);
    if (mischief.busy && mischief.busy.times > 0) {
      mischief.busy.times -= 1;
      return refuse(response, 429, { "retry-after": mischief.busy.retryAfter });
    }
    const [, revision] = /^\/[\w.-]+\/[\w.-]+\/resolve\/([^/]+)\//.exec(path) ?? [];
    const known = ["main", COMMIT];
    if (known.some((each) => path === `/api/models/${id}/revision/${each}`) || path === `/api/models/${id}`)
      return send(response, JSON.stringify({ id, sha: COMMIT, siblings: siblings(files), tags: [] }));
    if (known.some((each) => path === `/api/models/${id}/tree/${each}`))
      return send(response, JSON.stringify(tree(files, mischief)));
    const scope = `/api/v1/models/${id}/repo`;
    if (path === `${scope}/files`) return send(response, JSON.stringify(listing(files, mischief)));
    if (path === scope) return answerScope(request, response);
    const ofModel = path.startsWith(`/${id}/resolve/`) && known.includes(revision ?? "");
    const body = ofModel || path.startsWith("/large/") ? files[name] : undefined;
    if (ofModel) response.setHeader("x-repo-commit", COMMIT);
    if (ofModel && mischief.gated) return refuse(response, mischief.gated, { "x-error-code": "GatedRepo" });
    if (!body) return refuse(response, 404, { "x-error-code": ofModel ? "EntryNotFound" : "RepoNotFound" });
    if (name.endsWith(".safetensors") && !path.startsWith("/large/")) {
      const large = `${mischief.cdn ?? `http://${request.headers.host}`}/large/${name}`;
      response
        .writeHead(302, {
          location: large,
          "x-linked-size": body.length,
          "x-linked-etag": `"${sha256(body)}"`,
        })
        .end();
      return;
    }
    sendRange(request, response, name, mischief.flipped === name ? body.map((byte) => byte ^ 1) : body);
  };
  const answerScope = (request: IncomingMessage, response: ServerResponse): void => {
    const name = new URL(request.url!, "http://loopback").searchParams.get("FilePath") ?? "";
    const body = files[name];
    if (!body) return refuse(response, 404);
    if (mischief.cdn)
      return void response.writeHead(302, { location: `${mischief.cdn}/large/${name}` }).end();
    sendRange(request, response, name, mischief.flipped === name ? body.map((byte) => byte ^ 1) : body);
  };
  const sendRange = (
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    body: Uint8Array,
  ): void => {
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
    const from = Number(first ?? 0);
    const to = Math.min(Number(last || body.length - 1), body.length - 1);
    response.writeHead(first === undefined ? 200 : 206, {
      etag: `"${name.endsWith(".safetensors") ? sha256(body) : gitSha1(body)}"`,
      "content-length": to - from + 1,
      ...(first === undefined ? {} : { "content-range": `bytes ${from}-${to}/${body.length}` }),
    });
    if (request.method === "HEAD") return void response.end();
    // The first byte alone is how the client asks for the size.
    if (to - from > 0) mischief.onBody?.(name);
    if (mischief.cut?.path === name && cuts.left > 0 && to - from > 0) {
      cuts.left -= 1;
      response.write(body.subarray(from, from + mischief.cut.after), () => response.destroy());
      return;
    }
    const { held } = mischief;
    if (held?.path === name && to - from > 0) {
      delete mischief.held;
      response.write(body.subarray(from, from + held.after), () => held.reached());
      return;
    }
    response.end(body.subarray(from, to + 1));
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function tree(files: Record<string, Buffer>, { listedSize }: Mischief): object[] {
  return Object.entries(files).map(([path, body]) => {
    const size = body.length + (listedSize?.path === path ? listedSize.more : 0);
    const large = path.endsWith(".safetensors");
    return {
      type: "file",
      path,
      size,
      oid: gitSha1(body),
      ...(large ? { lfs: { oid: sha256(body), size, pointerSize: 134 } } : {}),
    };
  });
}

/** What ModelScope says of the same files. */
function listing(files: Record<string, Buffer>, { listedSize }: Mischief): object {
  const Files = Object.entries(files).map(([Path, body]) => ({
    Path,
    Type: "blob",
    Size: body.length + (listedSize?.path === Path ? listedSize.more : 0),
    Sha256: sha256(body),
  }));
  return { Code: 200, Data: { Files }, Success: true };
}

function sha256(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}

function siblings(files: Record<string, Buffer>): object[] {
  return Object.keys(files).map((rfilename) => ({ rfilename }));
}

/** The name of a small file in git, which Hugging Face gives as its tag. */
function gitSha1(body: Uint8Array): string {
  return createHash("sha1").update(`blob ${body.length}\0`).update(body).digest("hex");
}

function send(response: ServerResponse, json: string): void {
  response.writeHead(200, { "content-type": "application/json" }).end(json);
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ error: "Access to model is restricted." }));
}
