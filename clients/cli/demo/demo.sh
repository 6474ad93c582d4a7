#!/usr/bin/env bash
# The whole in one go: a server on a fresh store, a lead's way to won, a refusal whose client comes
# back, and imports with their reports. Needs the built programs: SALESD and SALESCTL say where they
# are, if not in build/release. SALES_DATA says where the real data is; where it is absent, a
# generated studio is imported instead.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
readonly root
readonly salesd=${SALESD:-$root/build/release/service/salesd}
readonly salesctl=${SALESCTL:-$root/build/release/clients/cli/salesctl}
readonly data=${SALES_DATA:-$root/../shared/data}
readonly shipped=$root/clients/cli/data
# salesd refuses settings that it does not know.
unset "${!SALES_@}" "${!SALESCTL_@}" 2>/dev/null || true

folder=$(mktemp -d)
readonly folder
server_pid=

finish() {
  local code=$?
  if [[ -n $server_pid ]] && kill -0 "$server_pid" 2>/dev/null; then
    kill -TERM "$server_pid"
    wait "$server_pid" || code=$?
  fi
  rm -rf "$folder"
  exit "$code"
}
trap finish EXIT

if [[ -t 1 ]]; then
  bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'
else
  bold='' dim='' plain=''
fi
readonly bold dim plain

chapter() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }

# The command as one would type it.
shown() {
  local word line=''
  for word in "$@"; do
    if [[ $word == *' '* ]]; then line+=" \"$word\""; else line+=" $word"; fi
  done
  [[ $actor == anna ]] || line=" --actor $actor$line"
  printf '%s$ salesctl%s%s\n' "$dim" "$line" "$plain"
}

actor=anna
ctl() { "$salesctl" --server="127.0.0.1:$port" --workspace="$workspace" --actor="$actor" "$@"; }

# Runs a verb, and shows it with what became of the lead.
lead() {
  shown lead "$@"
  ctl lead "$@" -o json | python3 -c '
import json, sys
answer = json.load(sys.stdin)
lead = answer.get("lead", answer)
said = lead["stage"] + ", " + lead["state"].removeprefix("LEAD_STATE_").lower()
if lead.get("wonValue"):
    units = lead["wonValue"]["minorUnits"]
    said += " at %s.%s %s" % (units[:-2], units[-2:], lead["wonValue"]["currencyCode"])
if lead.get("returnedFrom"):
    said += ", came back after a refusal"
print("  →", said)
'
}

# Runs a verb on a handoff or project, and shows where that is now.
handed() {
  shown "$@"
  ctl "$@" -o json | python3 -c '
import json, sys
answer = json.load(sys.stdin)
now = answer.get("project", answer)
said = now["state"].removeprefix("STATE_").lower()
steps = [s["step"].removeprefix("STEP_").lower() for s in now.get("completedSteps", [])]
if steps:
    said += ": " + ", ".join(steps)
if now.get("members"):
    said += ", members " + ", ".join(now["members"])
if now.get("satisfaction"):
    said += ", satisfaction %d" % now["satisfaction"]
print("  →", said)
'
}

# Runs a verb that is to be refused, and shows why.
refused() {
  shown lead "$@"
  if ctl lead "$@" 2>"$folder/said"; then
    echo 'this was to be refused' >&2
    return 1
  fi
  sed 's/^/  /' "$folder/said"
}

start_server() {
  "$salesd" migrate --store="sqlite:$folder/demo.db" 2>>"$folder/log"
  "$salesd" serve --store="sqlite:$folder/demo.db" --listen=127.0.0.1:0 \
    --admin-listen=127.0.0.1:0 --lame-duck-seconds=0 2>>"$folder/log" >&2 &
  server_pid=$!
  for _ in {1..600}; do
    port=$(sed -n 's/.*"message":"serving".*"port":"\{0,1\}\([0-9]*\).*/\1/p' "$folder/log" |
      head -n 1)
    [[ -n $port ]] && return 0
    kill -0 "$server_pid" 2>/dev/null || break
    sleep 0.05
  done
  cat "$folder/log" >&2
  return 1
}

won_story() {
  chapter "A client whom another client sent"
  ctl workspace create "$workspace" --display-name "Студия" --currency EUR --region NL >/dev/null
  referrer=$(ctl lead capture --name "Anna de Vries" --email anna@example.com -o json |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["contact"]["name"])')
  lead capture --id shop --name "Иван Петров" --email ivan@example.com \
    --referrer "${referrer##*/}" --value 12000 --seller anna
  lead log shop --kind call --direction out --duration 12m
  lead advance shop contacted
  refused advance shop start_of_work
  lead update shop --need "online shop"
  lead agree shop --text "catalogue, basket, payment"
  lead send-proposal shop --price 12500.50 --scope "design and build"
  lead advance shop start_of_work
  lead answer-proposal shop accepted
  lead advance shop contract
  lead win shop
}

handoff_story() {
  chapter "From the seller to production, and back for more"
  handed handoff introduce shop --meet 2030-03-04T09:00:00Z --place "Keizersgracht 1" \
    --client "Иван Петров <ivan@example.com>, owner" --studio "Mira <mira@example.com>, manager"
  handed handoff prepare shop --planner Redmine --link https://plan.example/shop --member olga
  handed handoff share shop --document "Contract=https://disk.example/contract"
  handed handoff brief shop --manager mira --text "He calls before nine."
  actor=mira
  handed handoff return shop --missing "access to his hosting" --step materials-shared
  actor=anna
  handed handoff share shop --access "Hosting=https://disk.example/hosting"
  handed handoff brief shop --manager mira --text "He calls before nine."
  actor=mira
  handed handoff accept shop
  handed project request-work shop --id warehouse --need "a warehouse"
  actor=anna
  lead lose warehouse --reason postponed
  handed project close shop --satisfaction 5
}

refusal_story() {
  chapter "A refusal that brings the client back"
  lead capture --id blog --name "Piet Jansen" --phone 0201234567 --need blog
  refused decline blog --reason price
  lead decline blog --reason price --better "we stay for a year after the launch" \
    --price "two people, six weeks" --alternatives "a ready theme" --keep-in-touch
  lead capture --name "Piet Jansen" --phone "+31 20 123 4567" --need "web shop"
}

team_story() {
  chapter "Who gets a lead"
  local words
  for words in 'create anna --capacity 40' 'create boris --intake 14/month' \
    'create olga' 'absence olga 2026-01-01 2199-12-31'; do
    # shellcheck disable=SC2086  # The words of a command.
    shown seller $words && ctl seller $words >/dev/null
  done
  echo '{"method": "METHOD_LEAST_LOAD", "previousSeller": true, "assignOnCapture": true}' \
    >"$folder/assignment.json"
  shown assignment set assignment.json
  ctl assignment set "$folder/assignment.json" >/dev/null
  lead capture --id fair --name "Olga Smit" --email olga@example.com --need "a fair's site"
  shown lead explain fair
  ctl lead explain fair
}

# A file of real data, or nothing.
import_real() { # workspace, zone, currency, file, title
  workspace=$1
  chapter "$5"
  ctl workspace create "$1" --time-zone "$2" --currency "$3" >/dev/null
  ctl funnel activate "$shipped/$1.funnel.yaml" >/dev/null
  shown import leads "${4##*/}" --mapping "$1.mapping.yaml"
  ctl import leads "$data/$4" --mapping "$shipped/$1.mapping.yaml" \
    --rejects "$folder/$1.rejects.csv"
  echo
  ctl report funnel --funnel "$1"
}

import_generated() {
  workspace=generated
  chapter "A studio that never was: 2 000 leads made from a seed"
  ctl workspace create generated --currency EUR >/dev/null
  "$shipped/generate.py" >"$folder/studio.csv"
  shown import leads studio.csv --mapping studio.mapping.yaml
  ctl import leads "$folder/studio.csv" --mapping "$shipped/studio.mapping.yaml"
  echo
  ctl report funnel
  echo
  ctl report channels
}

port=
workspace=studio
start_server
won_story
handoff_story
refusal_story
team_story
echo
ctl report channels
echo
ctl report declines
echo
ctl report speed

readonly olist=olist/olist_marketing_qualified_leads_dataset.csv
readonly bpi=bpi2012/bpi2012_cases.csv
if [[ -r $data/$olist && -r $data/$bpi ]]; then
  import_real olist America/Sao_Paulo BRL "$olist" "Olist: 8 000 leads of a marketplace, 842 deals"
  echo
  ctl report channels
  import_real bpi2012 Europe/Amsterdam EUR "$bpi" "BPI 2012: 13 087 loan applications"
else
  import_generated
fi

chapter "The tallies are made anew, and are what they were"
ctl rebuild

chapter "The record is proved"
kill -TERM "$server_pid"
wait "$server_pid"
server_pid=
"$salesctl" check --store="sqlite:$folder/demo.db"
