/** Who looks at the board, and at which. */

export interface Visitor {
  readonly workspace: string;
  readonly actor: string;
  /** Kept until the tab is closed, and never in the address. */
  readonly token: string;
}

const TOKEN = "libsales-token";

/** Who the address says that one is: `?workspace=studio&actor=anna`. */
export function visitor(): Visitor | undefined {
  const search = new URLSearchParams(location.search);
  const workspace = search.get("workspace");
  if (!workspace) return undefined;
  const token = sessionStorage.getItem(TOKEN) ?? "";
  return { workspace, actor: search.get("actor") ?? "", token };
}

export function Door(props: { refused: string; onEnter: (visitor: Visitor) => void }) {
  const search = new URLSearchParams(location.search);

  function enter(event: SubmitEvent): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const field = (name: string) => (form.get(name) as string).trim();
    const entered = { workspace: field("workspace"), actor: field("actor"), token: field("token") };
    const { workspace, actor, token } = entered;
    if (token) sessionStorage.setItem(TOKEN, token);
    history.replaceState(null, "", `?${new URLSearchParams({ workspace, actor }).toString()}`);
    props.onEnter(entered);
  }

  return (
    <main class="door">
      <h1>Funnel board</h1>
      <form onSubmit={enter}>
        {props.refused && <p role="alert">{props.refused}</p>}
        <label>
          Workspace
          <input name="workspace" required autofocus value={search.get("workspace") ?? ""} />
        </label>
        <label>
          Your id <small>is kept with what you change</small>
          <input name="actor" autocomplete="username" value={search.get("actor") ?? ""} />
        </label>
        <label>
          Token <small>where the server asks for one</small>
          <input name="token" type="password" autocomplete="off" />
        </label>
        <button class="main">Show the board</button>
      </form>
    </main>
  );
}
