"""A detector of Hugging Face transformers behind HTTP, for `httpGrounder` of @samgpu/text.

    pip install torch transformers pillow
    python3 detector_server.py                      # OWLv2 on http://127.0.0.1:9000/
    python3 detector_server.py --model PATH_OR_NAME --port 9000 --origin https://my.site

It listens on this machine only. Pages of other origins are let in where `--origin` names them; the Studio
needs none, as its own server passes questions on.
"""

import argparse
import base64
import binascii
import io
import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

MOST_BYTES = 96 * 2**20
MOST_PIXELS = 64_000_000


class Refused(Exception):
    """What the other side did wrong."""


def parse_question(body):
    """The picture, its words and the least score of a question."""
    from PIL import Image

    try:
        question = json.loads(body)
        words = question["words"]
        file = base64.b64decode(question["picture"]["data"], validate=True)
        minimum = question.get("minScore", 0.1)
        if not isinstance(words, str) or isinstance(minimum, bool) or not 0 <= minimum <= 1:
            raise ValueError("words has to be text, and minScore 0 to 1")
        picture = Image.open(io.BytesIO(file), formats=["PNG", "JPEG"])
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError(f"more than {MOST_PIXELS} pixels")
        picture = picture.convert("RGB")
    except (ValueError, KeyError, TypeError, AttributeError, OSError, binascii.Error) as error:
        raise Refused(f"no question: {error}") from error
    labels = list(dict.fromkeys(part.strip() for part in re.split(r"[.,;\n]", words) if part.strip()))
    return picture, labels, minimum


def make_handler(detect, origins):
    one_at_a_time = Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_OPTIONS(self):
            self.answer(204 if self.is_let_in() else 403, None)

        def do_POST(self):
            try:
                if not self.is_let_in():
                    return self.answer(403, {"error": "pages of this origin are not let in; see --origin"})
                if not (self.headers.get("Content-Type") or "").startswith("application/json"):
                    return self.answer(415, {"error": "wanted Content-Type: application/json"})
                length = self.headers.get("Content-Length", "")
                if not length.isdigit() or int(length) > MOST_BYTES:
                    return self.answer(413, {"error": f"wanted at most {MOST_BYTES} bytes, and their number"})
                picture, labels, minimum = parse_question(self.rfile.read(int(length)))
                with one_at_a_time:
                    boxes = detect(picture, labels, minimum) if labels else []
                self.answer(200, {"boxes": boxes})
            except Refused as error:
                self.answer(400, {"error": str(error)})
            except Exception as error:  # the page is told as well as the log
                self.log_error("%r", error)
                self.answer(500, {"error": f"the detector failed: {error}"})

        def is_let_in(self):
            # A page that reaches this machine by a name of its own (DNS rebinding) is none of ours.
            host = re.sub(r":\d+$", "", self.headers.get("Host") or "")
            origin = self.headers.get("Origin")
            return host in ("localhost", "127.0.0.1", "[::1]") and (origin is None or origin in origins)

        def answer(self, status, content):
            body = b"" if content is None else json.dumps(content).encode()
            self.send_response(status)
            if self.headers.get("Origin") in origins:
                self.send_header("Access-Control-Allow-Origin", self.headers["Origin"])
                self.send_header("Access-Control-Allow-Headers", "Content-Type, Authorization")
                self.send_header("Access-Control-Allow-Private-Network", "true")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def load_detector(model, device):
    from transformers import pipeline

    detector = pipeline("zero-shot-object-detection", model=model, device=device)

    def detect(picture, labels, minimum):
        found = detector(picture, candidate_labels=labels, threshold=minimum)
        return [
            {
                "box": {
                    "x": one["box"]["xmin"],
                    "y": one["box"]["ymin"],
                    "width": one["box"]["xmax"] - one["box"]["xmin"],
                    "height": one["box"]["ymax"] - one["box"]["ymin"],
                },
                "score": one["score"],
                "label": one["label"],
            }
            for one in found
        ]

    return detect


def main():
    parser = argparse.ArgumentParser(description="A detector that finds things by words, for samgpu.")
    parser.add_argument("--model", default="google/owlv2-base-patch16-ensemble", help="OWL-ViT or OWLv2")
    parser.add_argument("--device", default="cpu", help="cpu, cuda, mps")
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--origin", action="append", default=[], help="of pages that may ask, repeatable")
    options = parser.parse_args()
    detect = load_detector(options.model, options.device)
    server = ThreadingHTTPServer(("127.0.0.1", options.port), make_handler(detect, options.origin))
    print(f"{options.model} is at http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
