#!/usr/bin/env python3
"""A reverse proxy that writes down what a server hands out: the second count, independent of every tool measured.

`Proxy(port)` stands in front of 127.0.0.1:port; `taken()` gives each answer since it was last asked: method, path,
status, header fields and body as they went over the wire.
"""
import http.client
import http.server
import threading

# They belong to one connection, not to the answer (RFC 9110 §7.6.1).
OF_THE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer"}


class Proxy:
    def __init__(self, port):
        log, lock = [], threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                length = int(self.headers.get("Content-Length") or 0)
                server = http.client.HTTPConnection("127.0.0.1", port)
                server.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    server.putheader(name, value)
                server.endheaders(self.rfile.read(length))
                answer = server.getresponse()
                body = answer.read()
                server.close()
                fields = [(name, value) for name, value in answer.getheaders() if name.lower() not in OF_THE_CONNECTION]
                with lock:
                    log.append({"method": self.command, "path": self.path, "status": answer.status,
                                "fields": fields, "body": body})
                self.send_response_only(answer.status, answer.reason)
                for name, value in fields:
                    self.send_header(name, value)
                if not any(name.lower() == "content-length" for name, _ in fields) and answer.status not in (204, 304):
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    self.close_connection = True

            do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_OPTIONS = handle_any

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

        self._log, self._lock = log, lock
        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def taken(self):
        with self._lock:
            taken = list(self._log)
            self._log.clear()
        return taken

    def close(self):
        self._server.shutdown()
        self._server.server_close()
