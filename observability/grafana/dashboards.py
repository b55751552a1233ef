#!/usr/bin/env python3
"""Writes what is generated in observability/: the dashboards' JSON, the PrometheusRule, and the checksums that the build compares.

    observability/grafana/dashboards.py           writes
    observability/grafana/dashboards.py --check   fails where a file on disk is not what would be written

Edit a dashboard here, or in Grafana to find out and then here; the JSON files are not edited by hand. The standard library is all it takes.
"""

import hashlib
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
FOLDER = HERE.parent  # observability/

PROMETHEUS = {"type": "prometheus", "uid": "${datasource}"}
RATE = "$__rate_interval"


# --- panels -------------------------------------------------------------------------------------------------------------------------------------


def panel(kind, title, about, queries, *, unit="short", width=8, height=8, exemplars=False, instant=False, heatmap=False, options=None, custom=None,
          thresholds=None, links=None, mappings=None, overrides=None, lowest=None, highest=None, transformations=None, datasource=PROMETHEUS):
    """One panel. `queries` are (expression, legend) pairs; `width` is out of 24."""
    targets = []
    for letter, (expression, legend) in zip("ABCDEFGH", queries):
        target = {"refId": letter, "datasource": datasource, "expr": expression, "legendFormat": legend, "exemplar": exemplars}
        target.update({"instant": True, "range": False} if instant else {"range": True})
        target["format"] = "heatmap" if heatmap else "table" if kind == "table" else "time_series"
        targets.append(target)
    defaults = {"unit": unit, "custom": custom or {}, "links": links or [], "mappings": mappings or []}
    defaults["thresholds"] = {"mode": "absolute", "steps": thresholds or [{"color": "green", "value": None}]}
    if lowest is not None:
        defaults["min"] = lowest
    if highest is not None:
        defaults["max"] = highest
    return {"type": kind, "title": title, "description": about, "datasource": datasource, "targets": targets,
            "fieldConfig": {"defaults": defaults, "overrides": overrides or []}, "options": options or {},
            "transformations": transformations or [], "gridPos": {"w": width, "h": height}}


def graph(title, about, *queries, stacked=False, **more):
    custom = {"lineWidth": 1, "fillOpacity": 30 if stacked else 5, "showPoints": "never", "stacking": {"mode": "normal" if stacked else "none"}}
    options = {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}}
    return panel("timeseries", title, about, queries, custom=custom, options=options, **{"lowest": 0, **more})


def number(title, about, expression, *, bad=None, worse=None, **more):
    steps = [{"color": "green", "value": None}]
    steps += [{"color": "orange", "value": bad}] if bad is not None else []
    steps += [{"color": "red", "value": worse}] if worse is not None else []
    options = {"reduceOptions": {"calcs": ["lastNotNull"]}, "colorMode": "value", "graphMode": "area"}
    return panel("stat", title, about, [(expression, "")], thresholds=steps, options=options, **{"width": 4, "height": 4, **more})


def heat(title, about, expression, **more):
    options = {"calculate": False, "cellGap": 1, "color": {"mode": "scheme", "scheme": "Oranges", "steps": 64}, "yAxis": {"unit": "s"},
               "exemplars": {"color": "rgba(31,96,196,1)"}, "tooltip": {"mode": "single", "yHistogram": True}, "legend": {"show": True}}
    return panel("heatmap", title, about, [(expression, "{{le}}")], unit="s", heatmap=True, exemplars=True, options=options, **more)


def table(title, about, *queries, **more):
    """Instant values, a row for each set of labels; `hidden` columns are what says nothing."""
    organize = {"id": "organize", "options": {"excludeByName": {"Time": True, "job": True, "__name__": True},
                                              "renameByName": more.pop("names", {})}}
    return panel("table", title, about, queries, instant=True, transformations=[{"id": "merge", "options": {}}, organize],
                 options={"cellHeight": "sm", "showHeader": True}, **more)


def quantiles(metric, labels, by=""):
    """Percentiles of a histogram, as (expression, legend) pairs."""
    groups = f"le, {by}" if by else "le"
    legend = f" {{{{{by}}}}}" if by else ""
    return [(f"histogram_quantile({q}, sum by ({groups}) (rate({metric}_bucket{{{labels}}}[{RATE}])))", name + legend)
            for q, name in (("0.5", "p50"), ("0.95", "p95"), ("0.99", "p99"))]


def row(title, *panels):
    return title, panels


# --- dashboards ---------------------------------------------------------------------------------------------------------------------------------


def variable(name, label, query, *, several=False):
    return {"type": "query", "name": name, "label": label, "datasource": PROMETHEUS, "query": {"query": query, "refId": name}, "definition": query,
            "refresh": 2, "sort": 1, "multi": several, "includeAll": several, "allValue": ".*" if several else None,
            "current": {"text": ["All"], "value": ["$__all"]} if several else {}}


JOB = variable("job", "Job", "label_values(headgate_requests_in_flight, job)")


def dashboard(uid, title, about, variables, *rows):
    panels, y, ids = [], 0, 0
    for heading, members in rows:
        ids += 1
        panels.append({"id": ids, "type": "row", "title": heading, "collapsed": False, "panels": [], "gridPos": {"x": 0, "y": y, "w": 24, "h": 1}})
        x, y, tallest = 0, y + 1, 0
        for one in members:
            ids += 1
            if x + one["gridPos"]["w"] > 24:
                x, y, tallest = 0, y + tallest, 0
            panels.append({"id": ids, **one, "gridPos": {"x": x, "y": y, **one["gridPos"]}})
            x, tallest = x + one["gridPos"]["w"], max(tallest, one["gridPos"]["h"])
        y += tallest
    source = {"type": "datasource", "name": "datasource", "label": "Prometheus", "query": "prometheus", "current": {}, "refresh": 1}
    links = [{"type": "dashboards", "title": "Headgate", "tags": ["headgate"], "asDropdown": True, "keepTime": True, "includeVars": True, "icon": "external link"}]
    return {"uid": uid, "title": title, "description": about, "tags": ["headgate"], "schemaVersion": 39, "version": 1, "editable": True, "refresh": "30s",
            "time": {"from": "now-1h", "to": "now"}, "timezone": "browser", "graphTooltip": 1, "links": links, "annotations": {"list": [reloads()]},
            "templating": {"list": [source, *variables]}, "panels": panels}


def reloads():
    """Marks each change of the routes in every graph."""
    return {"name": "Routes changed", "datasource": PROMETHEUS, "enable": True, "iconColor": "blue", "titleFormat": "Routes changed", "textFormat": "{{instance}}",
            "expr": 'changes(headgate_config_version{job="$job"}[1m]) > 0', "step": "60s"}


def by(labels, metric, matchers='job="$job"'):
    return f"sum by ({labels}) (rate({metric}{{{matchers}}}[{RATE}]))"


TO_ROUTE = [{"title": "Route in depth", "url": "/d/headgate-route?var-datasource=${datasource}&var-job=${job}&var-route=${__field.labels.route}&${__url_time_range}"}]
BURN = [{"color": "green", "value": None}, {"color": "yellow", "value": 1}, {"color": "orange", "value": 6}, {"color": "red", "value": 14.4}]
COUNTED = 'job="$job",outcome!="CLIENT_ABORTED"'
FAILED = COUNTED + ',status="5xx"'
SHARE = {"unit": "percentunit", "lowest": 0}

OVERVIEW = dashboard(
    "headgate-overview", "Headgate / Overview", "Is everybody served, how fast, and if not, why: requests, failures and time of each route.", [JOB],
    row("Now",
        number("Requests", "All that came in, a second.", f'sum(rate(headgate_requests_total{{job="$job"}}[{RATE}]))', unit="reqps"),
        number("Failed", "The share of 5xx answers; clients that went away do not count.",
               f'sum(rate(headgate_requests_total{{{FAILED}}}[{RATE}])) / (sum(rate(headgate_requests_total{{{COUNTED}}}[{RATE}])) > 0) or vector(0)',
               unit="percentunit", bad=0.001, worse=0.0144),
        number("95 % within", "Of all routes together, to the body's last byte.",
               f'histogram_quantile(0.95, sum by (le) (rate(headgate_request_duration_seconds_bucket{{job="$job"}}[{RATE}])))', unit="s", bad=0.5),
        number("In flight", "Exchanges begun and not over, at all gateways.", 'sum(headgate_requests_in_flight{job="$job"})'),
        number("Gateways up", "Instances whose metrics can be read.", 'count(up{job="$job"} == 1) or vector(0)'),
        number("Alerts firing", "Of Headgate's rules.", 'count(ALERTS{alertname=~"Headgate.*",alertstate="firing"}) or vector(0)', bad=1)),
    row("Requests, failures, time",
        graph("Requests by route", "A second. An empty route: no route matched.", (by("route", "headgate_requests_total"), "{{route}}"), unit="reqps", stacked=True, links=TO_ROUTE),
        graph("Failed by route", "The share of 5xx answers of each route, clients that went away apart.",
              (f'{by("route", "headgate_requests_total", FAILED)} / ({by("route", "headgate_requests_total", COUNTED)} > 0)', "{{route}}"), links=TO_ROUTE, **SHARE),
        graph("Time by route, 95th percentile", "To the body's last byte. The dots are requests with a trace: click one.",
              (f'histogram_quantile(0.95, sum by (le, route) (rate(headgate_request_duration_seconds_bucket{{job="$job"}}[{RATE}])))', "{{route}}"), unit="s", exemplars=True, links=TO_ROUTE),
        graph("By status", "Classes of status.", (by("status", "headgate_requests_total"), "{{status}}"), unit="reqps", stacked=True),
        graph("By version", "The versions that were served; empty where a route has none.", (by("version", "headgate_requests_total"), "{{version}}"), unit="reqps", stacked=True),
        graph("Time of all", "Percentiles over all routes.", *quantiles("headgate_request_duration_seconds", 'job="$job"'), unit="s", exemplars=True)),
    row("Objectives",
        graph("Availability: burn over 1 h", "How many times faster than allowed the budget of failures is spent. From 14.4 it pages (with the 5 min window).",
              ('headgate:availability:burnrate1h{job="$job"}', "{{route}}"), thresholds=BURN, links=TO_ROUTE),
        graph("Latency: burn over 1 h", "The same for answers slower than the limit.", ('headgate:latency:burnrate1h{job="$job"}', "{{route}}"), thresholds=BURN, links=TO_ROUTE),
        table("Burn by route and window", "1 spends exactly the budget. Short windows say what is now, long ones what it adds up to.",
              ('headgate:availability:burnrate1h{job="$job"}', ""), ('headgate:availability:burnrate6h{job="$job"}', ""), ('headgate:availability:burnrate3d{job="$job"}', ""),
              ('headgate:latency:burnrate1h{job="$job"}', ""), ('headgate:latency:burnrate6h{job="$job"}', ""), ('headgate:latency:burnrate3d{job="$job"}', ""),
              names={"Value #A": "failed 1h", "Value #B": "failed 6h", "Value #C": "failed 3d", "Value #D": "slow 1h", "Value #E": "slow 6h", "Value #F": "slow 3d"}, thresholds=BURN)),
    row("Why they fail",
        table("Top failures by reason", "Over the range shown. UPSTREAM_ERROR is the service's own 5xx; the rest are the codes of docs/operations.md.",
              ('topk(15, sum by (route, outcome) (increase(headgate_requests_total{job="$job",outcome!="OK"}[$__range])))', ""), width=12,
              names={"Value": "requests", "Value #A": "requests"}),
        graph("Failures by reason", "A second.", (by("outcome", "headgate_requests_total", 'job="$job",outcome!="OK"'), "{{outcome}}"), unit="reqps", stacked=True, width=12),
        table("Alerts", "Pending and firing; each has a runbook.", ('sum by (alertname, severity, route, upstream, instance, alertstate) (ALERTS{alertname=~"Headgate.*"})', ""), width=24, height=6)),
)

R = 'job="$job",route="$route"'
ROUTE = dashboard(
    "headgate-route", "Headgate / Route in depth", "One route: who asks what of it, how it ends, how long it takes, and what the gateway decided on the way.",
    [JOB, variable("route", "Route", 'label_values(headgate_requests_total{job="$job"}, route)')],
    row("Now",
        number("Requests", "A second.", f"sum(rate(headgate_requests_total{{{R}}}[{RATE}]))", unit="reqps"),
        number("Failed", "The share of 5xx answers.", f'sum(rate(headgate_requests_total{{{R},status="5xx",outcome!="CLIENT_ABORTED"}}[{RATE}])) / (sum(rate(headgate_requests_total{{{R},outcome!="CLIENT_ABORTED"}}[{RATE}])) > 0) or vector(0)',
               unit="percentunit", bad=0.001, worse=0.0144),
        number("95 % within", "To the body's last byte.", quantiles("headgate_request_duration_seconds", R)[1][0], unit="s", bad=0.5),
        number("Slowest", "Of the last minutes.", f"max(headgate_request_duration_seconds_max{{{R}}})", unit="s"),
        number("Clients that left", "A second.", f'sum(rate(headgate_requests_total{{{R},outcome="CLIENT_ABORTED"}}[{RATE}])) or vector(0)', unit="reqps"),
        number("Burn, 1 h", "Of the budget of failures; from 14.4 it pages.", f"max(headgate:availability:burnrate1h{{{R}}})", bad=1, worse=14.4)),
    row("Who asks, and how it ends",
        graph("By outcome", "OK, the service's own 5xx (UPSTREAM_ERROR), or why the gateway answered in its place.", (by("outcome", "headgate_requests_total", R), "{{outcome}}"), unit="reqps", stacked=True),
        graph("By status", "", (by("status", "headgate_requests_total", R), "{{status}}"), unit="reqps", stacked=True),
        graph("By version", "", (by("version", "headgate_requests_total", R), "{{version}}"), unit="reqps", stacked=True),
        graph("Failed by version", "Share of 5xx of each version: is it the new one?",
              (f'{by("version", "headgate_requests_total", R + ",status=" + chr(34) + "5xx" + chr(34))} / ({by("version", "headgate_requests_total", R)} > 0)', "{{version}}"), **SHARE),
        graph("By method", "", (by("method", "headgate_requests_total", R), "{{method}}"), unit="reqps", stacked=True),
        graph("Decisions", "What the gateway did beside passing on: retries, hedges, waits, refusals, fallbacks.", (by("decision", "headgate_decisions_total", R), "{{decision}}"), unit="ops", stacked=True)),
    row("How long it takes",
        heat("Time", "Each column is how the requests of that moment spread. The dots are requests with a trace: click one.", f"sum by (le) (increase(headgate_request_duration_seconds_bucket{{{R}}}[{RATE}]))", width=12),
        graph("Percentiles", "The dots are requests with a trace.", *quantiles("headgate_request_duration_seconds", R), unit="s", exemplars=True, width=12),
        graph("95th percentile by status", "Failures that are slow are timeouts, fast ones are refusals.",
              (f"histogram_quantile(0.95, sum by (le, status) (rate(headgate_request_duration_seconds_bucket{{{R}}}[{RATE}])))", "{{status}}"), unit="s", width=12),
        graph("Burn", "Availability and latency over each window; 1 spends exactly the budget.",
              *[(f"max(headgate:{slo}:burnrate{window}{{{R}}})", f"{what} {window}") for slo, what in (("availability", "failed"), ("latency", "slow")) for window in ("5m", "1h", "6h", "3d")],
              thresholds=BURN, width=12)),
)

U = 'job="$job",upstream=~"$upstream"'
BREAKER = [{"type": "value", "options": {"0": {"text": "closed", "color": "green"}, "1": {"text": "ramp-up", "color": "yellow"},
                                         "2": {"text": "half-open", "color": "orange"}, "3": {"text": "open", "color": "red"}}}]
UPSTREAMS = dashboard(
    "headgate-upstreams", "Headgate / Upstreams and resilience", "What the gateway asks of each service, how that ends, and what it does about it.",
    [JOB, variable("upstream", "Upstream", 'label_values(headgate_upstream_endpoints{job="$job"}, upstream)', several=True)],
    row("Attempts",
        graph("Attempts by upstream", "Calls to endpoints, retries and hedges included.", (by("upstream", "headgate_attempts_total", U), "{{upstream}}"), unit="reqps", stacked=True),
        graph("By kind", "First tries, retries, hedges.", (by("kind", "headgate_attempts_total", U), "{{kind}}"), unit="reqps", stacked=True),
        graph("By outcome, other than OK", "CANCELLED are tries that were let go: the other one of a hedge, or the client had gone.",
              (by("upstream, outcome", "headgate_attempts_total", U + ',outcome!="OK"'), "{{upstream}} {{outcome}}"), unit="reqps", stacked=True),
        graph("Failed", "Share of the attempts that are neither OK nor let go.",
              (f'{by("upstream", "headgate_attempts_total", U + ",outcome!~" + chr(34) + "OK|CANCELLED" + chr(34))} / ({by("upstream", "headgate_attempts_total", U)} > 0)', "{{upstream}}"), **SHARE),
        graph("Time, 95th percentile", "Of single attempts. The dots are requests with a trace.",
              (f"histogram_quantile(0.95, sum by (le, upstream) (rate(headgate_upstream_duration_seconds_bucket{{{U}}}[{RATE}])))", "{{upstream}}"), unit="s", exemplars=True),
        heat("Time", "All attempts of the upstreams chosen.", f"sum by (le) (increase(headgate_upstream_duration_seconds_bucket{{{U}}}[{RATE}]))")),
    row("Retries and hedges",
        graph("Extra load", "Retries and hedges for each first try.",
              (f'{by("upstream", "headgate_attempts_total", U + ",kind!=" + chr(34) + "first" + chr(34))} / ({by("upstream", "headgate_attempts_total", U + ",kind=" + chr(34) + "first" + chr(34))} > 0)', "{{upstream}}"), **SHARE),
        graph("Retry budget", "Tokens left; a retry or hedge takes one, and is not made without.", (f"min by (upstream) (headgate_retry_budget_tokens{{{U}}})", "{{upstream}}")),
        graph("Decisions", "Of all routes: retries, hedges and their wins, refusals.", (by("decision", "headgate_decisions_total"), "{{decision}}"), unit="ops", stacked=True)),
    row("Breaker and bulkhead",
        panel("state-timeline", "Breaker", "The worst of all gateways.",
              [(f'max by (upstream) (headgate_breaker_state{{{U},state="open"}} * 3 + ignoring (state) headgate_breaker_state{{{U},state="half-open"}} * 2 + ignoring (state) headgate_breaker_state{{{U},state="ramp-up"}})', "{{upstream}}")],
              mappings=BREAKER, options={"showValue": "auto", "mergeValues": True, "rowHeight": 0.8, "legend": {"showLegend": False}}, custom={"fillOpacity": 80}),
        graph("Bulkhead in use", "Share of the attempts an upstream may have at once, at the fullest gateway.",
              (f"max by (upstream) (headgate_bulkhead_in_use{{{U}}} / (headgate_bulkhead_limit{{{U}}} > 0))", "{{upstream}}"), highest=1, **SHARE),
        graph("Waiting for the bulkhead", "Attempts that wait for their turn.", (f"sum by (upstream) (headgate_bulkhead_waiting{{{U}}})", "{{upstream}}"))),
    row("Endpoints and connections",
        graph("Endpoints", "As each gateway sees them, summed.", (f"sum by (upstream, state) (headgate_upstream_endpoints{{{U}}})", "{{upstream}} {{state}}"), stacked=True),
        graph("Events", "Breakers that opened, endpoints that were ejected, found unhealthy, or came back; in a minute.",
              (f"sum by (upstream, event) (rate(headgate_upstream_events_total{{{U}}}[{RATE}])) * 60", "{{upstream}} {{event}}"), stacked=True),
        graph("Connections", "In use, idle, and requests that wait for one.", (f"sum by (state) (headgate_upstream_connections{{{U}}})", "{{state}}"), stacked=True),
        graph("Waiting for a connection", "By upstream.", (f'sum by (upstream) (headgate_upstream_connections{{{U},state="pending"}})', "{{upstream}}")),
        graph("Connections opened", "A second. Many of them: the service closes what could be used again.", (by("upstream", "headgate_upstream_connections_opened_total", U), "{{upstream}}"), unit="ops")),
    row("Idempotency",
        graph("What becomes of keys", "stored and replayed are the common case; unknown keys stay blocked, store-unavailable and unprotected say that the store fails.",
              (by("outcome", "headgate_idempotency_requests_total"), "{{outcome}}"), unit="reqps", stacked=True),
        graph("Keys in flight", "Claimed, and not settled yet, calls without their client included.", ('sum by (instance) (headgate_idempotency_in_flight{job="$job"})', "{{instance}}")),
        graph("Calls to the store", "By call and result.", (by("call, result", "headgate_store_calls_seconds_count"), "{{call}} {{result}}"), unit="ops", stacked=True),
        graph("Time of a call to the store", "A keyed request waits for two: claim and settle.", *quantiles("headgate_store_calls_seconds", 'job="$job"'), unit="s"),
        graph("The store can be asked", "1 where a gateway has its connection.", ('min by (instance, store) (headgate_store_up{job="$job"})', "{{instance}} {{store}}"), highest=1)),
    row("Response cache",
        graph("What requests get", "hit, stale, miss, revalidated (a 304), collapsed (another's call's answer), bypass.", (by("result", "headgate_cache_requests_total"), "{{result}}"), unit="reqps", stacked=True),
        graph("Stale share", "Of the requests of routes with a cache, by route: old answers, since the service gave none or while another is fetched.",
              (f'sum by (route) (rate(headgate_cache_requests_total{{job="$job",result="stale"}}[{RATE}])) / (sum by (route) (rate(headgate_cache_requests_total{{job="$job"}}[{RATE}])) > 0)', "{{route}}"), unit="percentunit", highest=1),
        graph("Calls for it", "Of the service, by what came of the answer: stored, updated (a 304), uncacheable, too-large, no-room, doomed (changed meanwhile), failed, shared (found with another node).",
              (by("result", "headgate_cache_fills_total"), "{{result}}"), unit="ops", stacked=True),
        graph("Memory", "Contents and what describes them, with what is being filled and sent, and the limit.",
              ('sum by (instance) (headgate_cache_used_bytes{job="$job"})', "{{instance}} used"), ('sum by (instance) (headgate_cache_max_bytes{job="$job"})', "{{instance}} limit"), unit="bytes"),
        graph("URLs stored", "Estimated.", ('sum by (instance) (headgate_cache_entries{job="$job"})', "{{instance}}")),
        graph("Evicted", "Answers that had to make room, a second. Many of them, and a low share of hits: max-size is too small.", (f'sum by (instance) (rate(headgate_cache_evictions_total{{job="$job"}}[{RATE}]))', "{{instance}}"), unit="ops"),
        graph("Waiting for another's call", "Requests that want what is being fetched already.", ('sum by (instance) (headgate_cache_waiting{job="$job"})', "{{instance}}"))),
    # A feature of its own gets its row here: see observability/README.md, "A feature brings its own".
)

I = 'job="$job",instance=~"$instance"'
INTERNALS = dashboard(
    "headgate-internals", "Headgate / Gateway internals", "The process itself: what it carries, what it runs on, what it lost.",
    [JOB, variable("instance", "Instance", 'label_values(headgate_requests_in_flight{job="$job"}, instance)', several=True)],
    row("Load",
        graph("In flight", "Exchanges begun and not over.", (f"headgate_requests_in_flight{{{I}}}", "{{instance}}")),
        graph("Connections", "Of clients, on all ports.", (f"headgate_connections{{{I}}}", "{{instance}}")),
        graph("Turned away", "Connections refused or ended before their first request, and requests refused while overloaded; a second.",
              (f"sum by (instance, reason) (rate(headgate_connections_refused_total{{{I}}}[{RATE}]))", "{{instance}} {{reason}}"),
              (f"rate(headgate_overload_refused_total{{{I}}}[{RATE}])", "{{instance}} overloaded"), unit="ops"),
        graph("Overloaded", "1 while new requests are refused on account of this limit.", (f"headgate_overloaded{{{I}}}", "{{instance}} {{limit}}"), highest=1)),
    row("Event loops and memory",
        graph("Event-loop lag", "How late tasks begin: the worst of late, and the mean. Everything on that loop waits as long.",
              (f"headgate_event_loop_lag_seconds_max{{{I}}}", "{{instance}} worst"),
              (f"rate(headgate_event_loop_lag_seconds_sum{{{I}}}[{RATE}]) / (rate(headgate_event_loop_lag_seconds_count{{{I}}}[{RATE}]) > 0)", "{{instance}} mean"), unit="s"),
        graph("Direct memory", "Netty's buffers, and what they may use. At 85 % new requests are refused.", (f"headgate_direct_memory_used_bytes{{{I}}}", "{{instance}} used"),
              (f"headgate_direct_memory_max_bytes{{{I}}}", "{{instance}} may use"), unit="bytes"),
        graph("Heap", "In use, and what may be used.", (f'sum by (instance) (jvm_memory_used_bytes{{{I},area="heap"}})', "{{instance}} used"),
              (f'sum by (instance) (jvm_memory_max_bytes{{{I},area="heap"}} > 0)', "{{instance}} may use"), unit="bytes"),
        graph("Garbage collection", "Share of the time that collections stopped the process.", (f"sum by (instance) (rate(jvm_gc_pause_seconds_sum{{{I}}}[{RATE}]))", "{{instance}}"), **SHARE),
        graph("Allocation", "Bytes a second, heap.", (f"rate(jvm_gc_memory_allocated_bytes_total{{{I}}}[{RATE}])", "{{instance}}"), unit="Bps"),
        graph("CPU", "Of the process, and of the whole machine; 1 is all of its CPUs.", (f"process_cpu_usage{{{I}}}", "{{instance}}"), (f"system_cpu_usage{{{I}}}", "{{instance}} machine"), **SHARE),
        graph("Threads", "They do not grow with load; what grows is a leak or something that blocks.", (f"jvm_threads_live_threads{{{I}}}", "{{instance}}")),
        graph("Open files", "Sockets among them.", (f"process_files_open_files{{{I}}}", "{{instance}}"))),
    row("Configuration",
        number("Last reload", "Whether what the config repo says is in force everywhere.", f"min(headgate_config_last_reload_successful{{{I}}})", width=4,
               mappings=[{"type": "value", "options": {"0": {"text": "refused", "color": "red"}, "1": {"text": "in force", "color": "green"}}}]),
        number("Routes", "In the active table; the smallest of all gateways.", f"min(headgate_config_routes{{{I}}})", width=4),
        graph("Age of the active table", "How long it has been in force.", (f"headgate_config_age_seconds{{{I}}}", "{{instance}}"), unit="s"),
        graph("Reloads", "In the last five minutes, by result; and the version in force.", (f"sum by (instance, result) (increase(headgate_config_reloads_total{{{I}}}[5m]))", "{{instance}} {{result}}"),
              (f"headgate_config_version{{{I}}}", "{{instance}} version"))),
    row("Logs and spans",
        graph("Log lines by level", "Of the application log; a second.", (f"sum by (level) (rate(logback_events_total{{{I}}}[{RATE}]))", "{{level}}"), unit="ops", stacked=True),
        graph("Access-log lines lost", "A second.", (f"rate(headgate_access_log_dropped_total{{{I}}}[{RATE}])", "{{instance}}"), unit="ops"),
        graph("Spans exported", "A second.", (f"rate(headgate_spans_exported_total{{{I}}}[{RATE}])", "{{instance}}"), unit="ops"),
        graph("Spans lost", "A second, by reason.", (f"sum by (instance, reason) (rate(headgate_spans_dropped_total{{{I}}}[{RATE}]))", "{{instance}} {{reason}}"), unit="ops"),
        graph("Uptime", "A saw's teeth are restarts.", (f"process_uptime_seconds{{{I}}}", "{{instance}}"), unit="s")),
)

# --- files --------------------------------------------------------------------------------------------------------------------------------------


def prometheus_rule():
    """The rule files as the Prometheus operator wants them."""
    lines = ["# Generated from prometheus/rules/*.yml by grafana/dashboards.py; edit those.", "apiVersion: monitoring.coreos.com/v1", "kind: PrometheusRule",
             "metadata:", "  name: headgate", "  labels: {app.kubernetes.io/name: headgate}", "spec:", "  groups:"]
    for file in sorted((FOLDER / "prometheus/rules").glob("*.yml")):
        comment_and_groups = file.read_text().split("groups:\n", 1)
        lines += ["    # " + file.name, *["  " + line if line else "" for line in comment_and_groups[1].rstrip("\n").split("\n")]]
    return "\n".join(lines) + "\n"


def generated():
    """Path below observability/ -> content."""
    files = {f"grafana/dashboards/{d['uid']}.json": json.dumps(d, indent=1) + "\n" for d in (OVERVIEW, ROUTE, UPSTREAMS, INTERNALS)}
    files["kubernetes/prometheusrule.yaml"] = prometheus_rule()
    # The build compares these without Python: a source or a product that was edited alone is seen.
    sources = ["grafana/dashboards.py", *(f"prometheus/rules/{f.name}" for f in sorted((FOLDER / "prometheus/rules").glob("*.yml")))]
    sums = {name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in sources}
    sums |= {name: hashlib.sha256(content.encode()).hexdigest() for name, content in files.items()}
    files["generated.sha256"] = "".join(f"{total}  {name}\n" for name, total in sums.items())
    return files


def main(arguments):
    if arguments not in ([], ["--check"]):
        sys.exit(__doc__)
    stale = []
    for name, content in generated().items():
        path = FOLDER / name
        if path.exists() and path.read_text() == content:
            continue
        stale.append(name)
        if not arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
    if arguments and stale:
        sys.exit("stale: " + ", ".join(stale) + "\nrun observability/grafana/dashboards.py")
    print(("would be written" if arguments else "written") + f": {len(stale)} of {len(generated())} files")


if __name__ == "__main__":
    main(sys.argv[1:])
