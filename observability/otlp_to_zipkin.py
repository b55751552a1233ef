"""Takes spans by OTLP over HTTP and hands them to Zipkin: for a place where there is no collector. The standard library is all it takes.

Decodes the fields of opentelemetry/proto/trace/v1/trace.proto that Zipkin has a place for, and nothing else.
"""

import gzip
import http.server
import json
import struct
import threading
import urllib.request

KINDS = {2: "SERVER", 3: "CLIENT", 4: "PRODUCER", 5: "CONSUMER"}
ERROR = 2


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def fields(data):
    """A message as {field number: [values]}: integers, or bytes for whatever has a length."""
    found, at = {}, 0
    while at < len(data):
        tag, at = varint(data, at)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, at = varint(data, at)
        elif wire == 1:
            value, at = struct.unpack_from("<Q", data, at)[0], at + 8
        elif wire == 5:
            value, at = struct.unpack_from("<I", data, at)[0], at + 4
        elif wire == 2:
            length, at = varint(data, at)
            if at + length > len(data):
                raise ValueError("cut short")
            value, at = data[at:at + length], at + length
        else:
            raise ValueError(f"wire type {wire}")
        found.setdefault(number, []).append(value)
    return found


def any_value(data):
    found = fields(data)
    if 1 in found:
        return found[1][0].decode()
    if 2 in found:
        return "true" if found[2][0] else "false"
    if 3 in found:
        return str(found[3][0] - (1 << 64) if found[3][0] >> 63 else found[3][0])
    if 4 in found:
        return str(struct.unpack("<d", struct.pack("<Q", found[4][0]))[0])
    if 5 in found:
        return ",".join(any_value(value) for value in fields(found[5][0]).get(1, []))
    return ""


def attributes(encoded):
    pairs = [fields(one) for one in encoded]
    return {pair[1][0].decode(): any_value(pair[2][0]) if 2 in pair else "" for pair in pairs}


def span(data, service):
    found = fields(data)
    start, end = found[7][0], found[8][0]
    tags = attributes(found.get(9, []))
    if ERROR in fields(found.get(15, [b""])[0]).get(3, []):
        tags.setdefault("error", tags.get("error.type", "true"))
    zipkin = {"traceId": found[1][0].hex(), "id": found[2][0].hex(), "name": found[5][0].decode(), "timestamp": start // 1000,
              "duration": max(1, (end - start) // 1000), "localEndpoint": {"serviceName": service}, "tags": tags, "annotations": []}
    if found.get(4, [b""])[0]:
        zipkin["parentId"] = found[4][0].hex()
    if found.get(6, [0])[0] in KINDS:
        zipkin["kind"] = KINDS[found[6][0]]
    for event in map(fields, found.get(11, [])):
        details = attributes(event.get(3, []))
        text = " ".join([event[2][0].decode(), *(f"{name}={value}" for name, value in details.items())])
        zipkin["annotations"].append({"timestamp": event[1][0] // 1000, "value": text})
    return zipkin


def spans(data):
    """An ExportTraceServiceRequest as Zipkin's list of spans."""
    made = []
    for resource_spans in map(fields, fields(data).get(1, [])):
        resource = attributes(fields(resource_spans.get(1, [b""])[0]).get(1, []))
        for scope_spans in map(fields, resource_spans.get(2, [])):
            made += [span(one, resource.get("service.name", "unknown")) for one in scope_spans.get(2, [])]
    return made


def serve(zipkin):
    """Starts to listen on a free port of loopback; `zipkin` is the server's base URL. Returns the port and the list of all spans handed on."""
    handed_on = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])) if "Content-Length" in self.headers else self.chunks()
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            made = spans(body)
            request = urllib.request.Request(zipkin + "/api/v2/spans", json.dumps(made).encode(), {"Content-Type": "application/json"})
            urllib.request.urlopen(request, timeout=10).close()
            handed_on.extend(made)
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def chunks(self):
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1], handed_on
