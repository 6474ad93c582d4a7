/** What the board knows: the stages of a funnel, and the open leads in them, kept true by a watch. */
import { SalesError, v1, type WebClient } from "libsales/web";

/** A lead, and the names that its resource names stand for. */
export interface Card {
  readonly lead: v1.Lead;
  readonly contact: string;
  readonly seller: string;
}

export type Health = "loading" | "live" | "lost";

/** At most so many leads are shown; the funnel of a studio that has more needs another tool. */
export const CARDS_MAX = 500;
/** So many that change at once are looked at one by one; for more the board is loaded anew. */
const FOLLOWED_MAX = 100;
/** How many are fetched at once: what a browser opens to one server. */
const FETCHES_MAX = 6;
const HEARTBEAT_MS = 3000;

const { EventType } = v1;
const SHAPES_BOARD = new Set([EventType.FUNNEL_POLICY_ACTIVATED, EventType.WORKSPACE_UPDATED]);
const NAMES_SELLER = new Set([EventType.SELLER_CREATED, EventType.SELLER_UPDATED]);

export class Board {
  health: Health = "loading";
  /** What the reader of the page is told last, by screen readers too. */
  news = "";
  title: string;
  policy: v1.FunnelPolicy | undefined;
  /** Whether there are more leads than are shown. */
  more = false;
  readonly cards = new Map<string, Card>();
  readonly #sellers = new Map<string, string>();
  readonly #listeners = new Set<() => void>();

  constructor(readonly sales: WebClient) {
    this.title = sales.workspace.replace("workspaces/", "");
  }

  get stages(): readonly v1.Stage[] {
    return this.policy?.stages ?? [];
  }

  /** The cards of a stage, the one that waits longest first. */
  in(stage: string): Card[] {
    const due = ({ lead }: Card) => Number(urgent(lead)?.dueTime?.seconds ?? Infinity);
    const age = ({ lead }: Card) => Number(lead.receiveTime?.seconds ?? 0);
    return [...this.cards.values()]
      .filter(({ lead }) => lead.stage === stage)
      .sort((a, b) => due(a) - due(b) || age(a) - age(b));
  }

  titleOf(stage: string): string {
    return this.stages.find(({ key }) => key === stage)?.displayName || stage;
  }

  /** Calls back after each change; gives what ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  say(news: string): void {
    this.news = news;
    this.#changed();
  }

  /** Shows the board and keeps it true until the signal; throws what waiting does not mend. */
  async run(signal: AbortSignal): Promise<void> {
    void this.#listen(signal);
    for (;;) {
      const revision = await this.#patiently(() => this.#load(signal), signal);
      this.#turn("live");
      for await (const { events } of this.sales.watch(revision, { signal })) {
        const changed = new Set(events.map(({ lead }) => lead));
        if (changed.size > FOLLOWED_MAX) break;
        if (events.some(({ type }) => SHAPES_BOARD.has(type))) break;
        await this.#patiently(() => this.#follow(events, signal), signal);
      }
    }
  }

  /** Asks which stages the lead may enter now. */
  async check(name: string): Promise<readonly v1.MoveCheck[]> {
    return (await this.sales.checkMove({ name })).checks;
  }

  /** Moves a lead, unless somebody else has changed it since it was drawn. */
  async move({ lead, contact }: Card, stage: string, reason = ""): Promise<void> {
    const { name, etag } = lead;
    try {
      await this.#show(await this.sales.advanceLead({ name, etag, stage, reason }));
      this.say(`${contact} is in ${this.titleOf(stage)} now.`);
    } catch (error) {
      if (error instanceof SalesError && error.code === "ABORTED") await this.#refresh(name);
      throw error;
    }
  }

  async #load(signal: AbortSignal): Promise<bigint> {
    const { sales } = this;
    const workspace = await sales.getWorkspace({ name: sales.workspace }, { signal });
    this.title = workspace.displayName || this.title;
    const funnel = sales.name("funnelPolicies", workspace.defaultFunnel);
    this.policy = await sales.getFunnelPolicy({ name: funnel }, { signal });
    await this.#loadSellers();
    const filter = `state = OPEN AND funnel = "${funnel}"`;
    const leads: v1.Lead[] = [];
    this.more = false;
    for await (const lead of sales.listLeads(
      { filter, pageSize: CARDS_MAX, orderBy: "receive_time desc" },
      { signal },
    )) {
      if (leads.length === CARDS_MAX) {
        this.more = true;
        break;
      }
      leads.push(lead);
    }
    const names = new Set(leads.map(({ name }) => name));
    for (const name of this.cards.keys()) if (!names.has(name)) this.cards.delete(name);
    await inParallel([...names], (name) => this.#refresh(name));
    return workspace.revision;
  }

  async #loadSellers(): Promise<void> {
    for await (const { name, displayName } of this.sales.listSellers({ pageSize: 1000 })) {
      this.#sellers.set(name, displayName || name.replace(/.*\//, ""));
    }
  }

  /** Takes over what was recorded, by whomever. */
  async #follow(events: readonly v1.Event[], signal: AbortSignal): Promise<void> {
    if (events.some(({ type }) => NAMES_SELLER.has(type))) await this.#loadSellers();
    const changed = new Set(events.map(({ lead }) => lead));
    const contacts = new Set(events.map(({ contact }) => contact));
    for (const { lead } of this.cards.values()) {
      if (lead.contact && contacts.has(lead.contact)) changed.add(lead.name);
    }
    changed.delete("");
    await inParallel([...changed], async (name) => {
      signal.throwIfAborted();
      const before = this.cards.get(name);
      const now = await this.#refresh(name);
      const what = before && news(this, before.lead, now);
      if (what) this.say(`${before.contact} ${what}`);
    });
  }

  async #refresh(name: string): Promise<v1.Lead> {
    return this.#show(await this.sales.getLead({ name }));
  }

  /** Draws a lead as it is now: on the board while it is open, off it when it is not. */
  async #show(lead: v1.Lead): Promise<v1.Lead> {
    const known = this.cards.get(lead.name);
    // Answers may overtake each other.
    if (known && known.lead.revision > lead.revision) return known.lead;
    if (lead.state !== v1.LeadState.OPEN || lead.funnel !== this.policy?.name) {
      this.cards.delete(lead.name);
    } else if (!known && this.cards.size >= CARDS_MAX) {
      this.more = true;
    } else {
      const contact = await this.sales.getContact({ name: lead.contact });
      this.cards.set(lead.name, {
        lead,
        contact:
          contact.displayName || contact.organization || contact.identities[0]?.value || "Nameless",
        seller: this.#sellers.get(lead.seller) ?? lead.seller.replace(/.*\//, ""),
      });
    }
    this.#changed();
    return lead;
  }

  /** Asks now and then whether the server is there: a watch by itself waits in silence. */
  async #listen(signal: AbortSignal): Promise<void> {
    const { sales } = this;
    const patience = { signal, timeoutMs: HEARTBEAT_MS };
    while (!signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, HEARTBEAT_MS));
      if (this.health === "loading") continue;
      const answer = sales.getWorkspace({ name: sales.workspace }, patience);
      this.#turn(await answer.then(() => "live" as const).catch(() => "lost" as const));
    }
  }

  /** Repeats what fails for want of a server until it is there again. */
  async #patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const lost = ["UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED"];
        if (!(error instanceof SalesError && lost.includes(error.code))) throw error;
        this.#turn("lost");
        signal.throwIfAborted();
        await new Promise((resolve) => setTimeout(resolve, HEARTBEAT_MS / 3));
      }
    }
  }

  #turn(health: Health): void {
    if (this.health === health) return;
    this.health = health;
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** The running clock of a lead that is due first. */
export function urgent(lead: v1.Lead): v1.LeadClock | undefined {
  return lead.clocks
    .filter(({ dueTime, stopTime }) => dueTime && !stopTime)
    .sort((a, b) => Number((a.dueTime?.seconds ?? 0n) - (b.dueTime?.seconds ?? 0n)))[0];
}

/** What became of a lead, where it is worth saying. */
function news(board: Board, before: v1.Lead, now: v1.Lead): string {
  if (now.state !== before.state) return `is ${v1.LeadState[now.state].toLowerCase()}.`;
  if (now.stage !== before.stage) return `is in ${board.titleOf(now.stage)} now.`;
  return "";
}

async function inParallel<T>(items: T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: FETCHES_MAX }, worker));
}
