/** How the board writes money and time, in the words of the reader's language where there are any. */
import { amount, instant, v1 } from "libsales/web";

export function moneyText(money: v1.Money | undefined): string {
  if (!money) return "";
  const format = new Intl.NumberFormat(undefined, {
    style: "currency",
    currency: money.currencyCode,
    maximumFractionDigits: 0,
  });
  return format.format(amount(money) as `${number}`);
}

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** "in 3 hours", "5 minutes ago", "now". */
export function timeText(time: Date, now: Date): string {
  const seconds = (time.getTime() - now.getTime()) / 1000;
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return "now";
}

const CLOCKS: Record<v1.LeadClock_Kind, string> = {
  [v1.LeadClock_Kind.UNSPECIFIED]: "Due",
  [v1.LeadClock_Kind.RESPONSE]: "Answer",
  [v1.LeadClock_Kind.PROPOSAL]: "Proposal",
  [v1.LeadClock_Kind.STAGE]: "Next stage",
  [v1.LeadClock_Kind.ROT]: "A sign of life",
};

/** What is due first, and whether it is late. */
export function clockText(clock: v1.LeadClock, now: Date): { text: string; late: boolean } {
  const due = clock.dueTime ? instant(clock.dueTime) : now;
  const late = due <= now;
  return { text: `${CLOCKS[clock.kind]} ${late ? "was due" : "due"} ${timeText(due, now)}`, late };
}

const KINDS: Record<v1.Activity_Kind, string> = {
  [v1.Activity_Kind.UNSPECIFIED]: "Next step",
  [v1.Activity_Kind.CALL]: "Call",
  [v1.Activity_Kind.EMAIL]: "E-mail",
  [v1.Activity_Kind.MESSAGE]: "Message",
  [v1.Activity_Kind.MEETING]: "Meeting",
  [v1.Activity_Kind.NOTE]: "Note",
};

/** The next step that is planned: "Call tomorrow". */
export function plannedText({ kind, dueTime }: v1.PlannedActivity, now: Date): string {
  return `${KINDS[kind]} ${dueTime ? timeText(instant(dueTime), now) : ""}`;
}
