import { Unavailable } from "../../errors.js";

/** What becomes of an answer whose model is closed under it, as when a server stops. */
export function closedModel(): Unavailable {
  return new Unavailable(
    "model: closed before its answer was whole, as its program stops. Ask again later.",
    {
      stage: "model",
    },
  );
}
