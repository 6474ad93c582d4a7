"""The client: every method of the API by name, with deadline, retries and typed errors.

    with libsales.connect("localhost:8443", workspace="studio", actor="anna") as sales:
        captured = sales.capture_lead(contact=v1.Contact(display_name="…"))

A method takes the fields of its request as keywords. `parent`, where it is left out, is the
client's workspace; `request_id` is made once a call and goes with every retry, so that a write
whose answer was lost is not done twice.
"""

from __future__ import annotations

import hashlib
import random
import time
import uuid
from collections.abc import Iterable, Iterator
from functools import update_wrapper
from itertools import islice
from types import ModuleType, TracebackType
from typing import Any, Callable, Generic, Protocol, TypeVar, cast

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from typing_extensions import ParamSpec, Self

from libsales import v1
from libsales._security import StrPath, Token, file_credentials, this_machine
from libsales._service_config import DEADLINE_SECONDS, SERVICE_CONFIG
from libsales.errors import Error
from libsales.v1.event_pb2_grpc import EventServiceStub
from libsales.v1.lead_pb2_grpc import LeadServiceStub
from libsales.v1.store_pb2_grpc import StoreServiceStub
from libsales.v1.workspace_pb2_grpc import WorkspaceServiceStub
from libsales.version import __version__

# How many rows of an import are under way at once, and kept to be sent again.
IMPORT_CHUNK_MAX = 1000
IMPORT_CHUNK_SECONDS = 60.0
# How long an import waits for a lost server before it gives up.
IMPORT_PATIENCE_SECONDS = 60.0

# With these a stream ends that the client did not end itself.
_LOST = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)

P = ParamSpec("P")
RequestT = TypeVar("RequestT", bound=Message)
ResponseT = TypeVar("ResponseT", bound=Message)
ItemT = TypeVar("ItemT")


def connect(
    target: str,
    *,
    workspace: str = "",
    actor: str = "",
    timeout: float = DEADLINE_SECONDS,
    ca_file: StrPath = "",
    cert_file: StrPath = "",
    key_file: StrPath = "",
    token_file: StrPath = "",
    credentials: grpc.ChannelCredentials | None = None,
) -> Client:
    """Make a client of the server at `target` ("host:port"); it connects at the first call.

    `workspace` is the id that calls are about, `actor` the id of who calls, kept in events;
    `timeout` is the deadline of a call in seconds, retries included.

    The connection is encrypted where `ca_file` names the certificates of the CAs that the server's
    may come from; a server that asks clients for theirs is shown `cert_file`, with its `key_file`.
    All are PEM. What these do not say, `credentials` of gRPC's do. Without any the connection is
    plaintext.

    `token_file` holds the token that says who calls; the file is read again when it changes. A
    token is sent over TLS, or to this machine.
    """
    if ca_file or cert_file or key_file:
        if credentials is not None:
            raise ValueError("give either files or credentials")
        credentials = file_credentials(ca_file, cert_file, key_file)
    if token_file and credentials is None and not this_machine(target):
        raise ValueError("a token goes over TLS or to this machine: name a ca_file")
    options: list[tuple[str, Any]] = [
        ("grpc.primary_user_agent", f"libsales-python/{__version__}"),
        ("grpc.service_config", SERVICE_CONFIG),
        ("grpc.enable_retries", 1),
        ("grpc.max_receive_message_length", 64 << 20),
        # Each client has a connection of its own, not one with all others of the process.
        ("grpc.use_local_subchannel_pool", 1),
        # A restarted server is found again while a call is retried, not after two minutes.
        ("grpc.initial_reconnect_backoff_ms", 100),
        # This is how long one attempt to connect may take at least: a far or busy server needs some
        # round trips and a moment of processor time for TLS.
        ("grpc.min_reconnect_backoff_ms", 5_000),
        ("grpc.max_reconnect_backoff_ms", 500),
        # A watch notices that its peer is gone; servers refuse pings more often than 5 minutes.
        ("grpc.keepalive_time_ms", 320_000),
    ]
    channel = (
        grpc.secure_channel(target, credentials, options=options)
        if credentials is not None
        else grpc.insecure_channel(target, options=options)
    )
    token = Token(token_file) if token_file else None
    return Client(channel, workspace=workspace, actor=actor, timeout=timeout, token=token)


# "GetLead": "/sales.v1.LeadService/GetLead"; no two methods of the contract have one name.
_PATHS = {
    method.name: f"/{service.full_name}/{method.name}"
    for module in vars(v1).values()
    if isinstance(module, ModuleType) and hasattr(module, "DESCRIPTOR")
    for service in module.DESCRIPTOR.services_by_name.values()
    for method in service.methods
}


def _path(name: str) -> str:
    """Give "/sales.v1.LeadService/GetLead" for `get_lead`."""
    return _PATHS[name.title().replace("_", "")]


def _describe(descriptor: Any, name: str, request: Any, gives: str) -> None:
    """Give a method a name and a text, for `help` and for pages of documentation."""

    def method(client: Client, /, *args: Any, **fields: Any) -> Any:
        return descriptor.__get__(client, type(client))(*args, **fields)

    method.__name__ = name
    method.__qualname__ = f"Client.{name}"
    method.__doc__ = f"Takes the fields of `{request.__name__}` as keywords; gives {gives}."
    update_wrapper(descriptor, method)


class _Method(Generic[P, ResponseT]):
    """A method of a service, called with the fields of its request."""

    def __init__(self, request: Callable[P, Message], response: type[ResponseT]) -> None:
        self._request, self._response = request, response

    def __set_name__(self, owner: type, name: str) -> None:
        self._name, self._path = name, _path(name)
        _describe(self, name, self._request, f"`{self._response.__name__}`")

    def __get__(self, client: Client | None, owner: type) -> Callable[P, ResponseT]:
        if client is None:
            return cast("Callable[P, ResponseT]", vars(self)["__wrapped__"])
        make, call = self._request, client._call(self._path, self._request, self._response)

        def method(*args: P.args, **fields: P.kwargs) -> ResponseT:
            return call(make(*args, **fields))

        # Where it is found from now on.
        vars(client)[self._name] = method
        return method


class _Page(Protocol):
    @property
    def next_page_token(self) -> str: ...


PageT = TypeVar("PageT", bound=_Page)


class _List(Generic[P, PageT, ItemT]):
    """A list method, called as an iterator over the items of all its pages."""

    def __init__(
        self,
        request: Callable[P, Message],
        page: type[PageT],
        items: Callable[[PageT], Iterable[ItemT]],
    ) -> None:
        self._request, self._page, self._items = request, page, items

    def __set_name__(self, owner: type, name: str) -> None:
        self._path = _path(name)
        _describe(self, name, self._request, "an iterator over all pages")

    def __get__(self, client: Client | None, owner: type) -> Callable[P, Iterator[ItemT]]:
        if client is None:
            return cast("Callable[P, Iterator[ItemT]]", vars(self)["__wrapped__"])
        called = client

        def method(*args: P.args, **fields: P.kwargs) -> Iterator[ItemT]:
            request: Any = self._request(*args, **fields)
            while True:
                page = cast(PageT, called.call(self._path, request, cast(Any, self._page)))
                yield from self._items(page)
                if not page.next_page_token:
                    return
                request.page_token = page.next_page_token

        return method


def _until_done(call: Any) -> Iterator[Any]:
    """Give the answers of a stream; leaving the iteration ends it."""
    try:
        yield from call
    except grpc.RpcError as error:
        raise Error.from_rpc(error) from error
    finally:
        call.cancel()


class Client:
    """The verbs of one workspace, called by someone. Threads may share it."""

    create_workspace = _Method(v1.CreateWorkspaceRequest, v1.Workspace)
    get_workspace = _Method(v1.GetWorkspaceRequest, v1.Workspace)
    update_workspace = _Method(v1.UpdateWorkspaceRequest, v1.Workspace)
    create_token = _Method(v1.CreateTokenRequest, v1.Token)
    get_token = _Method(v1.GetTokenRequest, v1.Token)
    delete_token = _Method(v1.DeleteTokenRequest, v1.Token)
    list_tokens = _List(v1.ListTokensRequest, v1.ListTokensResponse, lambda page: page.tokens)
    delete_workspace = _Method(v1.DeleteWorkspaceRequest, Empty)
    list_workspaces = _List(
        v1.ListWorkspacesRequest, v1.ListWorkspacesResponse, lambda page: page.workspaces
    )
    get_store_status = _Method(v1.GetStoreStatusRequest, v1.StoreStatus)

    get_contact = _Method(v1.GetContactRequest, v1.Contact)
    update_contact = _Method(v1.UpdateContactRequest, v1.Contact)
    find_contact = _Method(v1.FindContactRequest, v1.Contact)
    dismiss_duplicate = _Method(v1.DismissDuplicateRequest, v1.DismissDuplicateResponse)
    merge_contacts = _Method(v1.MergeContactsRequest, v1.Contact)
    unmerge_contact = _Method(v1.UnmergeContactRequest, v1.Contact)
    erase_contact = _Method(v1.EraseContactRequest, v1.Contact)
    export_contact = _Method(v1.ExportContactRequest, v1.ExportContactResponse)
    record_referral = _Method(v1.RecordReferralRequest, v1.Referral)
    list_duplicates = _List(
        v1.ListDuplicatesRequest, v1.ListDuplicatesResponse, lambda page: page.duplicates
    )
    list_referrals = _List(
        v1.ListReferralsRequest, v1.ListReferralsResponse, lambda page: page.referrals
    )
    list_contacts = _List(
        v1.ListContactsRequest, v1.ListContactsResponse, lambda page: page.contacts
    )

    capture_lead = _Method(v1.CaptureLeadRequest, v1.CaptureLeadResponse)
    batch_capture_leads = _Method(v1.BatchCaptureLeadsRequest, v1.BatchCaptureLeadsResponse)
    get_lead = _Method(v1.GetLeadRequest, v1.Lead)
    update_lead = _Method(v1.UpdateLeadRequest, v1.Lead)
    assign_lead = _Method(v1.AssignLeadRequest, v1.Lead)
    check_move = _Method(v1.CheckMoveRequest, v1.CheckMoveResponse)
    advance_lead = _Method(v1.AdvanceLeadRequest, v1.Lead)
    log_activity = _Method(v1.LogActivityRequest, v1.LogActivityResponse)
    plan_activity = _Method(v1.PlanActivityRequest, v1.Lead)
    complete_planned_activity = _Method(v1.CompletePlannedActivityRequest, v1.LogActivityResponse)
    cancel_planned_activity = _Method(v1.CancelPlannedActivityRequest, v1.Lead)
    agree_requirements = _Method(v1.AgreeRequirementsRequest, v1.Lead)
    request_proposal = _Method(v1.RequestProposalRequest, v1.Lead)
    send_proposal = _Method(v1.SendProposalRequest, v1.Lead)
    answer_proposal = _Method(v1.AnswerProposalRequest, v1.Lead)
    decline_lead = _Method(v1.DeclineLeadRequest, v1.Lead)
    lose_lead = _Method(v1.LoseLeadRequest, v1.Lead)
    disqualify_lead = _Method(v1.DisqualifyLeadRequest, v1.Lead)
    nurture_lead = _Method(v1.NurtureLeadRequest, v1.Lead)
    win_lead = _Method(v1.WinLeadRequest, v1.Lead)
    set_stance = _Method(v1.SetStanceRequest, v1.Lead)
    advise_lead = _Method(v1.AdviseLeadRequest, v1.Advice)
    reopen_lead = _Method(v1.ReopenLeadRequest, v1.Lead)
    list_leads = _List(v1.ListLeadsRequest, v1.ListLeadsResponse, lambda page: page.leads)

    create_channel = _Method(v1.CreateChannelRequest, v1.Channel)
    get_channel = _Method(v1.GetChannelRequest, v1.Channel)
    update_channel = _Method(v1.UpdateChannelRequest, v1.Channel)
    list_channels = _List(
        v1.ListChannelsRequest, v1.ListChannelsResponse, lambda page: page.channels
    )
    create_campaign = _Method(v1.CreateCampaignRequest, v1.Campaign)
    get_campaign = _Method(v1.GetCampaignRequest, v1.Campaign)
    update_campaign = _Method(v1.UpdateCampaignRequest, v1.Campaign)
    list_campaigns = _List(
        v1.ListCampaignsRequest, v1.ListCampaignsResponse, lambda page: page.campaigns
    )
    record_spend = _Method(v1.RecordSpendRequest, v1.RecordSpendResponse)
    record_touches = _Method(v1.RecordTouchesRequest, v1.RecordTouchesResponse)

    validate_funnel_policy = _Method(
        v1.ValidateFunnelPolicyRequest, v1.ValidateFunnelPolicyResponse
    )
    simulate_funnel_policy = _Method(
        v1.SimulateFunnelPolicyRequest, v1.SimulateFunnelPolicyResponse
    )
    activate_funnel_policy = _Method(v1.ActivateFunnelPolicyRequest, v1.FunnelPolicy)
    get_funnel_policy = _Method(v1.GetFunnelPolicyRequest, v1.FunnelPolicy)
    list_funnel_policies = _List(
        v1.ListFunnelPoliciesRequest,
        v1.ListFunnelPoliciesResponse,
        lambda page: page.funnel_policies,
    )

    create_calendar = _Method(v1.CreateCalendarRequest, v1.Calendar)
    get_calendar = _Method(v1.GetCalendarRequest, v1.Calendar)
    update_calendar = _Method(v1.UpdateCalendarRequest, v1.Calendar)
    list_calendars = _List(
        v1.ListCalendarsRequest, v1.ListCalendarsResponse, lambda page: page.calendars
    )
    create_team = _Method(v1.CreateTeamRequest, v1.Team)
    get_team = _Method(v1.GetTeamRequest, v1.Team)
    update_team = _Method(v1.UpdateTeamRequest, v1.Team)
    list_teams = _List(v1.ListTeamsRequest, v1.ListTeamsResponse, lambda page: page.teams)
    create_seller = _Method(v1.CreateSellerRequest, v1.Seller)
    get_seller = _Method(v1.GetSellerRequest, v1.Seller)
    update_seller = _Method(v1.UpdateSellerRequest, v1.Seller)
    list_sellers = _List(v1.ListSellersRequest, v1.ListSellersResponse, lambda page: page.sellers)
    set_absence = _Method(v1.SetAbsenceRequest, v1.Seller)
    remove_absence = _Method(v1.RemoveAbsenceRequest, v1.Seller)
    get_assignment_policy = _Method(v1.GetAssignmentPolicyRequest, v1.AssignmentPolicy)
    set_assignment_policy = _Method(v1.SetAssignmentPolicyRequest, v1.AssignmentPolicy)
    explain_assignment = _Method(v1.ExplainAssignmentRequest, v1.AssignmentRecord)
    import_holidays = _Method(v1.ImportHolidaysRequest, v1.ImportHolidaysResponse)

    get_handoff = _Method(v1.GetHandoffRequest, v1.Handoff)
    complete_handoff_step = _Method(v1.CompleteHandoffStepRequest, v1.Handoff)
    accept_handoff = _Method(v1.AcceptHandoffRequest, v1.AcceptHandoffResponse)
    return_handoff = _Method(v1.ReturnHandoffRequest, v1.Handoff)
    export_handoff_pack = _Method(v1.ExportHandoffPackRequest, v1.ExportHandoffPackResponse)
    list_handoffs = _List(
        v1.ListHandoffsRequest, v1.ListHandoffsResponse, lambda page: page.handoffs
    )
    get_project = _Method(v1.GetProjectRequest, v1.Project)
    update_project = _Method(v1.UpdateProjectRequest, v1.Project)
    request_work = _Method(v1.RequestWorkRequest, v1.RequestWorkResponse)
    close_project = _Method(v1.CloseProjectRequest, v1.Project)
    list_projects = _List(
        v1.ListProjectsRequest, v1.ListProjectsResponse, lambda page: page.projects
    )

    set_plan = _Method(v1.SetPlanRequest, v1.Plan)
    get_plan = _Method(v1.GetPlanRequest, v1.Plan)
    list_plans = _List(v1.ListPlansRequest, v1.ListPlansResponse, lambda page: page.plans)
    list_plan_snapshots = _List(
        v1.ListPlanSnapshotsRequest, v1.ListPlanSnapshotsResponse, lambda page: page.snapshots
    )

    report_funnel = _Method(v1.ReportFunnelRequest, v1.ReportFunnelResponse)
    report_channels = _Method(v1.ReportChannelsRequest, v1.ReportChannelsResponse)
    report_attribution = _Method(v1.ReportAttributionRequest, v1.ReportAttributionResponse)
    report_plan = _Method(v1.ReportPlanRequest, v1.ReportPlanResponse)
    report_forecast = _Method(v1.ReportForecastRequest, v1.ReportForecastResponse)
    report_load = _Method(v1.ReportLoadRequest, v1.ReportLoadResponse)
    plan_staffing = _Method(v1.PlanStaffingRequest, v1.PlanStaffingResponse)
    report_score = _Method(v1.ReportScoreRequest, v1.ReportScoreResponse)
    report_speed = _Method(v1.ReportSpeedRequest, v1.ReportSpeedResponse)
    report_declines = _Method(v1.ReportDeclinesRequest, v1.ReportDeclinesResponse)
    report_referrals = _Method(v1.ReportReferralsRequest, v1.ReportReferralsResponse)

    create_webhook = _Method(v1.CreateWebhookRequest, v1.Webhook)
    get_webhook = _Method(v1.GetWebhookRequest, v1.Webhook)
    update_webhook = _Method(v1.UpdateWebhookRequest, v1.Webhook)
    delete_webhook = _Method(v1.DeleteWebhookRequest, Empty)
    replay_webhook = _Method(v1.ReplayWebhookRequest, v1.Webhook)
    rotate_webhook_secret = _Method(v1.RotateWebhookSecretRequest, v1.Webhook)
    list_webhooks = _List(
        v1.ListWebhooksRequest, v1.ListWebhooksResponse, lambda page: page.webhooks
    )
    list_events = _List(v1.ListEventsRequest, v1.ListEventsResponse, lambda page: page.events)

    def __init__(
        self,
        channel: grpc.Channel,
        *,
        workspace: str,
        actor: str,
        timeout: float,
        token: Token | None = None,
    ) -> None:
        self.channel = channel
        # The name that the names of its resources begin with; empty without a workspace.
        self.workspace = f"workspaces/{workspace}" if workspace else ""
        self._actor, self._timeout = actor, timeout
        self._who = (("sales-actor", actor),) if actor else ()
        self._calls: dict[str, Any] = {}
        self._token = token

    def at(self, workspace: str = "", *, actor: str = "", timeout: float | None = None) -> Client:
        """Make a client of another workspace, or as someone else, on the same connection."""
        return Client(
            self.channel,
            workspace=workspace or self.workspace.partition("/")[2],
            actor=actor or self._actor,
            timeout=self._timeout if timeout is None else timeout,
            token=self._token,
        )

    def name(self, *parts: str) -> str:
        """`name("channels", "ads")` is "workspaces/studio/channels/ads"."""
        return "/".join((self.workspace, *parts))

    def _metadata(self) -> tuple[tuple[str, str], ...]:
        if self._token is None:
            return self._who
        return (*self._who, ("authorization", f"Bearer {self._token.read()}"))

    def call(self, method: str, request: Message, response: type[ResponseT]) -> ResponseT:
        """Call a method by its path, "/sales.v1.LeadService/GetLead", with its request."""
        call = self._calls.get(method)
        if call is None:
            call = self._calls[method] = self._call(method, type(request), response)
        return cast(ResponseT, call(request))

    def _call(
        self, path: str, request: Any, response: type[ResponseT]
    ) -> Callable[[Message], ResponseT]:
        """Make what calls a method: all that is known before the call is done here, once."""
        unary = self.channel.unary_unary(
            path,
            request_serializer=request.SerializeToString,
            response_deserializer=response.FromString,
        )
        fields = request.DESCRIPTOR.fields_by_name
        may_lack_something = "parent" in fields or "request_id" in fields

        def call(request: Message) -> ResponseT:
            if may_lack_something:
                self._complete(request)
            try:
                return unary(request, timeout=self._timeout, metadata=self._metadata())
            except grpc.RpcError as error:
                raise Error.from_rpc(error) from error

        return call

    def import_leads(
        self, rows: Iterable[v1.ImportLeadsRequest]
    ) -> Iterator[v1.ImportLeadsResponse]:
        """Import leads with their past; gives a result for each row, in the order of the rows.

        A lost server is waited for, and rows without a result are sent again: one that was written
        just before is then UNCHANGED. A rejected row is a result, not an exception.
        """
        stub = LeadServiceStub(self.channel)
        source = iter(rows)
        while chunk := list(islice(source, IMPORT_CHUNK_MAX)):
            backoff = _Backoff(patience=IMPORT_PATIENCE_SECONDS)
            while chunk:
                first = v1.ImportLeadsRequest()
                first.CopyFrom(chunk[0])
                call = stub.ImportLeads(
                    iter([self._complete(first), *chunk[1:]]),
                    timeout=IMPORT_CHUNK_SECONDS,
                    metadata=self._metadata(),
                )
                # All at once: how long the caller takes over them is not the server's time.
                results: list[v1.ImportLeadsResponse] = []
                loss: grpc.RpcError | None = None
                try:
                    for result in call:
                        results.append(result)
                except grpc.RpcError as error:
                    loss = error
                finally:
                    call.cancel()
                yield from results
                chunk = chunk[len(results) :]
                if results:
                    backoff.reset()
                if loss is not None:
                    backoff.check(loss)
                if chunk and not results:
                    backoff.wait()

    def watch(
        self, after_revision: int = 0, *, filter: v1.EventFilter | None = None
    ) -> Iterator[v1.WatchEventsResponse]:
        """Give every event after a revision, each once and in order, and go on for ever.

        Each item holds whole revisions, or none where the filter passed over some; to go on another
        day, watch after its `revision`. A lost server is waited for as long as it takes.
        """
        stub = EventServiceStub(self.channel)
        backoff = _Backoff(patience=float("inf"))
        while True:
            request = v1.WatchEventsRequest(after_revision=after_revision, filter=filter)
            call = stub.WatchEvents(self._complete(request), metadata=self._metadata())
            try:
                for batch in call:
                    backoff.reset()
                    if batch.revision > after_revision:
                        after_revision = batch.revision
                        yield batch
            except grpc.RpcError as error:
                backoff.check(error)
            finally:
                call.cancel()
            backoff.wait()

    def rebuild_tallies(self) -> Iterator[v1.RebuildTalliesResponse]:
        """Make the tallies that reports read anew, while others read and write.

        Says now and then how far it is; the last answer is `done`, and says how many counts were
        wrong. Leaving the iteration stops it.
        """
        stub = WorkspaceServiceStub(self.channel)
        request = v1.RebuildTalliesRequest(name=self.workspace)
        yield from _until_done(stub.RebuildTallies(request, metadata=self._metadata()))

    def backup_store(self) -> Iterator[bytes]:
        """Copy the server's store, while it serves: the pieces make a file that is a store.

        Raises ValueError at the end if what came is not what was sent.
        """
        digest, size = hashlib.sha256(), 0
        call = StoreServiceStub(self.channel).BackupStore(
            v1.BackupStoreRequest(), metadata=self._metadata()
        )
        end = v1.BackupStoreResponse()
        for end in _until_done(call):
            if end.data:
                digest.update(end.data)
                size += len(end.data)
                yield end.data
        if (end.size_bytes, end.sha256) != (size, digest.hexdigest()):
            raise ValueError("the backup did not arrive as it left; make it again")

    def export_workspace(self) -> Iterator[bytes]:
        """Give everything that the workspace is, as text in pieces, for `import_workspace`."""
        call = WorkspaceServiceStub(self.channel).ExportWorkspace(
            v1.ExportWorkspaceRequest(name=self.workspace), metadata=self._metadata()
        )
        for response in _until_done(call):
            yield response.text

    def import_workspace(self, pieces: Iterable[bytes]) -> v1.Workspace:
        """Make the workspace of what `export_workspace` gave elsewhere: all of it, or nothing."""

        def requests() -> Iterator[v1.ImportWorkspaceRequest]:
            yield v1.ImportWorkspaceRequest(name=self.workspace)
            for piece in pieces:
                yield v1.ImportWorkspaceRequest(text=piece)

        try:
            return WorkspaceServiceStub(self.channel).ImportWorkspace(
                requests(), metadata=self._metadata()
            )
        except grpc.RpcError as error:
            raise Error.from_rpc(error) from error

    def close(self) -> None:
        """Close the connection, also for the clients made by `at`."""
        self.channel.close()

    def __enter__(self) -> Self:
        """Use the client in a `with` block, which closes it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self.close()

    def _complete(self, request: RequestT) -> RequestT:
        fields = request.DESCRIPTOR.fields_by_name
        filled: Any = request
        if "parent" in fields and not filled.parent:
            filled.parent = self.workspace
        if "request_id" in fields and not filled.request_id:
            filled.request_id = str(uuid.uuid4())
        return request


class _Backoff:
    """Waits longer after each loss in a row, at random, so that clients do not return as one."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self.reset()

    def reset(self) -> None:
        self._pause = 0.05
        self._until: float | None = None  # Counted from the first loss.

    def check(self, error: grpc.RpcError) -> None:
        """Raise what another try does not help, or what has lasted too long."""
        code = error.code() if isinstance(error, grpc.Call) else None
        now = time.monotonic()
        if self._until is None:
            self._until = now + self._patience
        if code not in _LOST or now > self._until:
            raise Error.from_rpc(error) from error

    def wait(self) -> None:
        """Sleep before the next try."""
        time.sleep(self._pause * random.uniform(0.5, 1.0))
        self._pause = min(self._pause * 2, 2.0)
