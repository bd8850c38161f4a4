import { downloadFile, listFiles } from "@huggingface/hub";
import type { ModelFile } from "./model-files.js";
import type { Remote } from "./remote.js";
import { SourceFailed } from "./source-failed.js";

/** A model at Hugging Face or a hub that speaks as it does. */
export function huggingFaceRemote(id: string, hubUrl: string, request: typeof fetch): Remote {
  const remote = { repo: { type: "model", name: id } as const, hubUrl, fetch: request };
  return {
    list: async () => {
      const files: ModelFile[] = [];
      for await (const { type, path, size, oid, lfs } of listFiles(remote)) {
        if (type === "file")
          files.push({ path, sizeBytes: lfs?.size ?? size, digest: digestOf(oid, lfs?.oid) });
      }
      return files;
    },
    open: async ({ path }, from) => {
      const blob = await downloadFile({ ...remote, path, xet: false });
      if (!blob) throw new SourceFailed(`lists ${path} but does not give it`);
      const rest = from === 0 ? blob : blob.slice(from);
      return { sizeBytes: blob.size, stream: rest.stream() as ReadableStream<Uint8Array> };
    },
  };
}

/** Large files are known by the hash of their content, small ones by that of their git object. */
function digestOf(oid: string | undefined, lfsOid: string | undefined): ModelFile["digest"] {
  if (lfsOid !== undefined && /^[0-9a-f]{64}$/.test(lfsOid)) return { kind: "sha256", hex: lfsOid };
  if (lfsOid === undefined && oid !== undefined && /^[0-9a-f]{40}$/.test(oid))
    return { kind: "git-sha1", hex: oid };
  return undefined;
}
