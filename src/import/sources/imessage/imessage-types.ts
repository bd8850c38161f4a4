import type { MediaKind } from "../../kinds.js";
import type { CalendarTime } from "../../local-time.js";
import { clockHour } from "../clock-hour.js";
import { mediaKindOf } from "../media-kind.js";

// What imessage-exporter writes the same way into TXT and HTML.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const STAMP = /^([A-Z][a-z]{2}) (\d{2}), (\d{4}) {1,2}(\d{1,2}):(\d{2}):(\d{2}) ([AP]M)(?= |$)/;
const RECEIPT = /^\(Read by (.+) after .+\)$/;

/** `May 17, 2024  5:29:42 PM (Read by you after 8 seconds)`: the time, who read it, and what else follows. */
export type Stamp = { time: CalendarTime; readBy: string; rest: string };

/** Reads what a text starts with as a date line. */
export function readStamp(text: string): Stamp | undefined {
  const found = STAMP.exec(text);
  if (!found) return undefined;
  const [whole, month = "", day, year, hour, minute, second, half = ""] = found;
  const clock = clockHour(Number(hour), half);
  if (clock === null || !MONTHS.includes(month)) return undefined;
  const rest = text.slice(whole.length).trim();
  const readBy = RECEIPT.exec(rest)?.[1] ?? "";
  return {
    time: {
      year: Number(year),
      month: MONTHS.indexOf(month) + 1,
      day: Number(day),
      hour: clock,
      minute: Number(minute),
      second: Number(second),
    },
    readBy,
    rest: readBy === "" ? rest : "",
  };
}

/** What the exporter calls the one whose phone it is, unless told another name. */
export const OWN_NAME = "Me";

/** `You unsent this message part 10 seconds after sending!`, `They deleted a message.` */
export const UNSENT = /^.{1,100} (?:deleted a message|unsent (?:a message|this message part .{1,60}))[.!]$/;

/** The line about an effect that a bubble or the whole screen played. */
export const EFFECT =
  /^Sent with (?:Confetti|Echo|Fireworks|Balloons|Hearts?|Lasers|Shooting Start?|Sparkles|Spotlight|Celebration|Slam|Loud|Gentle|Invisible Ink)$/;

/** Whether the name of a chat's file is a list of people, or a title with the chat's number. */
export function isGroupName(name: string): boolean {
  return name.includes(", ") || / - \d+$/.test(name);
}

/** What a file that was sent is, by its name; voice messages are recorded as Core Audio. */
export function kindOfFile(name: string): MediaKind {
  return /\.(?:caf|m4a)$/i.test(name) ? "voice" : mediaKindOf(name);
}
