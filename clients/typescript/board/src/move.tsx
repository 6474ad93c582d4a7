/** The dialog of a move: every stage, whether it may be entered, and what is missing. */
import { SalesError, v1 } from "libsales/web";
import { useEffect, useRef, useState } from "preact/hooks";

import type { Board, Card } from "./board.js";

/** A move that somebody thinks about. */
export interface Ask {
  readonly card: Card;
  readonly checks: readonly v1.MoveCheck[];
  /** Where the card was dropped, if it was. */
  readonly stage?: string;
}

export function MoveDialog(props: { board: Board; ask: Ask; onClose: () => void }) {
  const { board, onClose } = props;
  const [ask, setAsk] = useState(props.ask);
  const { card } = ask;
  const dialog = useRef<HTMLDialogElement>(null);
  const [back, setBack] = useState(isBack(board, card, ask.stage) ? ask.stage : undefined);
  const [refusal, setRefusal] = useState("");

  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  async function move(stage: string, reason?: string): Promise<void> {
    try {
      await board.move(card, stage, reason);
      onClose();
    } catch (error) {
      setRefusal(whyNot(error));
      setBack(undefined);
      const now = board.cards.get(card.lead.name);
      const checks = await board.check(card.lead.name).catch(() => ask.checks);
      if (now) setAsk({ card: now, checks });
    }
  }

  function moveBack(event: SubmitEvent): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    if (back) void move(back, form.get("reason") as string);
  }

  const wanted = ask.checks.find(({ stage }) => stage === ask.stage);
  return (
    <dialog ref={dialog} aria-labelledby="move-title" onClose={onClose}>
      <h2 id="move-title">Move {card.contact}</h2>
      {wanted && !wanted.allowed && (
        <p role="alert">
          {board.titleOf(wanted.stage)} is not open to this lead yet: see what it waits for.
        </p>
      )}
      {refusal && <p role="alert">{refusal}</p>}
      {back ? (
        <form onSubmit={moveBack}>
          <label>
            Why back to {board.titleOf(back)}?
            <input name="reason" required ref={focus} />
          </label>
          <p class="buttons">
            <button type="button" onClick={onClose}>
              Leave it
            </button>
            <button class="main">Move back</button>
          </p>
        </form>
      ) : (
        <>
          <ol>
            {ask.checks.map((check) => (
              <Gate
                key={check.stage}
                title={board.titleOf(check.stage)}
                here={check.stage === card.lead.stage}
                wanted={check === wanted}
                check={check}
                onEnter={() => {
                  if (isBack(board, card, check.stage)) setBack(check.stage);
                  else void move(check.stage);
                }}
              />
            ))}
          </ol>
          <p class="buttons">
            <button type="button" onClick={onClose}>
              Leave it
            </button>
          </p>
        </>
      )}
    </dialog>
  );
}

function focus(element: HTMLElement | null): void {
  element?.focus();
}

function whyNot(error: unknown): string {
  if (error instanceof SalesError && error.code === "ABORTED") {
    return "Somebody else has just changed this lead. This is how it is now.";
  }
  return error instanceof Error ? error.message : String(error);
}

/** A stage in the dialog: a button if it may be entered, else what it asks for. */
function Gate(props: {
  title: string;
  here: boolean;
  wanted: boolean;
  check: v1.MoveCheck;
  onEnter: () => void;
}) {
  const { title, here, wanted, check, onEnter } = props;
  if (here) {
    return (
      <li aria-current="step">
        <strong>{title}</strong> <small>where it is now</small>
      </li>
    );
  }
  if (check.allowed) {
    return (
      <li>
        <button onClick={onEnter}>{title}</button>
      </li>
    );
  }
  return (
    <li class={wanted ? "shut wanted" : "shut"}>
      {title}
      <ul aria-label={`Missing for ${title}`}>
        {check.missing.map(({ condition, description }) => (
          <li key={condition}>{description || condition}</li>
        ))}
        {check.missing.length === 0 && <li>The funnel allows no move from here to there.</li>}
      </ul>
    </li>
  );
}

/** Whether a move goes back, which wants a reason. */
export function isBack(board: Board, { lead }: Card, stage: string | undefined): boolean {
  const place = (key: string) => board.stages.findIndex((other) => other.key === key);
  return stage !== undefined && place(stage) < place(lead.stage);
}
