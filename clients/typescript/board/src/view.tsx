/** The page: a column for each stage, a card for each open lead. */
import { instant, type v1 } from "libsales/web";
import { useEffect, useState } from "preact/hooks";

import { type Board, type Card, CARDS_MAX, urgent } from "./board.js";
import { type Ask, isBack, MoveDialog } from "./move.js";
import { clockText, moneyText, plannedText, timeText } from "./text.js";

const REDRAW_MS = 20_000;
const HEALTH = { loading: "Loading…", live: "Live", lost: "Reconnecting…" };

/** Whether a stage may be entered, while a card is dragged; undefined until it is known. */
type Gates = ReadonlyMap<string, boolean> | undefined;

export function BoardView(props: { board: Board; onRefused: (why: string) => void }) {
  const { board, onRefused } = props;
  const [, setDrawn] = useState(0);
  const [ask, setAsk] = useState<Ask>();
  const [dragged, setDragged] = useState<Card>();
  const [gates, setGates] = useState<Gates>();
  const [focused, setFocused] = useState("");

  useEffect(() => {
    const left = new AbortController();
    let frame = 0;
    // However much changes between two frames, it is drawn once.
    const draw = () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        setDrawn((count) => count + 1);
      });
    };
    const unsubscribe = board.subscribe(draw);
    // What is due moves by itself.
    const clock = setInterval(draw, REDRAW_MS);
    board.run(left.signal).catch((error: unknown) => {
      if (!left.signal.aborted) onRefused(error instanceof Error ? error.message : String(error));
    });
    return () => {
      left.abort();
      unsubscribe();
      clearInterval(clock);
      cancelAnimationFrame(frame);
    };
  }, [board]);

  useEffect(() => {
    document.title = board.title;
  }, [board.title]);

  // A card that moves is made anew in its column, and would leave the keyboard nowhere.
  useEffect(() => {
    if (!focused) return;
    document.querySelector<HTMLElement>(`[data-lead="${focused}"] button`)?.focus();
    setFocused("");
  });

  function refused(error: unknown): void {
    board.say(error instanceof Error ? error.message : String(error));
  }

  /** Moves at once what needs no word, and asks about the rest. */
  async function move(card: Card, stage: string): Promise<void> {
    if (stage === card.lead.stage) return;
    const checks = await board.check(card.lead.name);
    if (checks.find((check) => check.stage === stage)?.allowed && !isBack(board, card, stage)) {
      await board.move(card, stage);
      setFocused(card.lead.name);
    } else {
      setAsk({ card, stage, checks });
    }
  }

  async function openDialog(card: Card): Promise<void> {
    setAsk({ card, checks: await board.check(card.lead.name) });
  }

  function drag(card: Card | undefined): void {
    setDragged(card);
    setGates(undefined);
    if (!card) return;
    board
      .check(card.lead.name)
      .then((checks) => {
        setGates(new Map(checks.map(({ stage, allowed }) => [stage, allowed])));
      })
      .catch(refused);
  }

  return (
    <>
      <header>
        <h1>{board.title}</h1>
        <p class="news" role="status">
          {board.news}
        </p>
        <p class={`health ${board.health}`}>{HEALTH[board.health]}</p>
      </header>
      {board.more && <p class="more">Only the {CARDS_MAX} newest leads are shown.</p>}
      <main class="board">
        {board.stages.map((stage) => (
          <Column
            key={stage.key}
            stage={stage}
            cards={board.in(stage.key)}
            gate={dragged && dragged.lead.stage !== stage.key ? gates?.get(stage.key) : undefined}
            onDrag={drag}
            onDrop={() => {
              if (dragged) move(dragged, stage.key).catch(refused);
            }}
            onOpen={(card) => {
              openDialog(card).catch(refused);
            }}
            onStep={(card, step) => {
              const index = board.stages.findIndex(({ key }) => key === stage.key);
              const next = board.stages[index + step];
              if (next) move(card, next.key).catch(refused);
            }}
          />
        ))}
      </main>
      {ask && (
        <MoveDialog
          board={board}
          ask={ask}
          onClose={() => {
            setAsk(undefined);
            setFocused(ask.card.lead.name);
          }}
        />
      )}
    </>
  );
}

interface ColumnProps {
  stage: v1.Stage;
  cards: Card[];
  gate: boolean | undefined;
  onDrag: (card: Card | undefined) => void;
  onDrop: () => void;
  onOpen: (card: Card) => void;
  onStep: (card: Card, step: 1 | -1) => void;
}

function Column({ stage, cards, gate, onDrag, onDrop, onOpen, onStep }: ColumnProps) {
  const title = stage.displayName || stage.key;
  const sum = total(cards);
  return (
    <section
      aria-label={title}
      class={stage.qualifying ? "qualifying" : ""}
      data-gate={gate === undefined ? undefined : gate ? "open" : "shut"}
      onDragOver={(event) => {
        event.preventDefault();
      }}
      onDrop={(event) => {
        event.preventDefault();
        onDrop();
      }}
    >
      <h2>
        {title} <span class="count">{cards.length}</span>
      </h2>
      <p class="sum">
        {sum ? moneyText(sum) : stage.qualifying ? "" : "\u00a0"}
        {stage.qualifying && <span class="mark">Work begins here</span>}
      </p>
      <ul>
        {cards.map((card) => (
          <LeadCard
            key={card.lead.name}
            card={card}
            onDrag={onDrag}
            onOpen={onOpen}
            onStep={onStep}
          />
        ))}
      </ul>
    </section>
  );
}

type CardProps = Pick<ColumnProps, "onDrag" | "onOpen" | "onStep"> & { card: Card };

function LeadCard({ card, onDrag, onOpen, onStep }: CardProps) {
  const { lead, contact, seller } = card;
  const now = new Date();
  const clock = urgent(lead);
  const due = clock && clockText(clock, now);
  const [planned] = lead.plannedActivities;
  return (
    <li
      draggable
      data-lead={lead.name}
      onDragStart={(event) => {
        event.dataTransfer?.setData("text/plain", contact);
        onDrag(card);
      }}
      onDragEnd={() => {
        onDrag(undefined);
      }}
    >
      <button
        aria-haspopup="dialog"
        aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight"
        title="Move (Shift with ← or →)"
        onClick={() => {
          onOpen(card);
        }}
        onKeyDown={(event) => {
          if (!event.shiftKey || !/^Arrow(Left|Right)$/.test(event.key)) return;
          event.preventDefault();
          onStep(card, event.key === "ArrowRight" ? 1 : -1);
        }}
      >
        {contact}
      </button>
      {lead.need && <p class="need">{lead.need}</p>}
      <p class="facts">
        {lead.expectedValue && <strong>{moneyText(lead.expectedValue)}</strong>}
        <span>{seller || "No seller"}</span>
        {lead.receiveTime && <span>asked {timeText(instant(lead.receiveTime), now)}</span>}
      </p>
      {due && <p class={due.late ? "due late" : "due"}>{due.text}</p>}
      {planned && <p class="due">{plannedText(planned, now)}</p>}
    </li>
  );
}

/** What the leads of a column may bring; all amounts of a workspace are of one currency. */
function total(cards: Card[]): v1.Money | undefined {
  const values = cards.flatMap(({ lead }) => lead.expectedValue ?? []);
  const [first] = values;
  return (
    first && { ...first, minorUnits: values.reduce((sum, { minorUnits }) => sum + minorUnits, 0n) }
  );
}
