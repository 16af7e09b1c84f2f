"""prometheus_client's parser on /metrics of heed serve."""
import urllib.request

from prometheus_client.parser import text_string_to_metric_families

from told import Calls

calls = Calls(__doc__)


def ask(path, body=None, headers=None):
    request = urllib.request.Request(calls.url + path, body, headers or {})
    with urllib.request.urlopen(request) as answer:
        return answer.headers["Content-Type"], answer.read().decode()


def families():
    return {family.name: family for family in text_string_to_metric_families(ask("/metrics")[1])}


def value(family, name, **labels):
    return sum(sample.value for sample in families()[family].samples
               if sample.name == name and labels.items() <= sample.labels.items())


def texts():
    return value("heed_texts", "heed_texts_total", model=calls.name)


def counted():
    before = texts()
    ask(f"/v1/models/{calls.name}:predict", b'{"instances": ["a", "b", "c"]}', {"Content-Type": "application/json"})
    return float(texts() - before)


def histograms():
    """Buckets that do not fall, whose last is all: what is wrong."""
    wrong = []
    for family in families().values():
        if family.type != "histogram":
            continue
        series = {}
        for sample in family.samples:
            labels = tuple(sorted(item for item in sample.labels.items() if item[0] != "le"))
            series.setdefault(labels, []).append(sample)
        for labels, samples in series.items():
            buckets = [sample.value for sample in samples if sample.name.endswith("_bucket")]
            count = [sample.value for sample in samples if sample.name.endswith("_count")]
            bounds = [float(sample.labels["le"]) for sample in samples if sample.name.endswith("_bucket")]
            rises = buckets == sorted(buckets) and bounds == sorted(bounds)
            if not rises or bounds[-1] != float("inf") or count != buckets[-1:]:
                wrong.append((family.name, labels))
    return wrong


calls.check("Content-Type", lambda: ask("/metrics")[0].startswith("text/plain; version=0.0.4"), True)
accept = {"Accept": "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"}
calls.check("with Prometheus's Accept", lambda: ask("/metrics", headers=accept)[0].split(" char")[0],
            "text/plain; version=0.0.4;")
calls.check(
    "help and types",
    lambda: [name for name, family in families().items() if not family.documentation or family.type == "unknown"], [])
calls.check("names", lambda: [name for name in families() if not name.startswith(("heed_", "process_"))], [])
calls.check("a request is counted", counted, 3.0)
calls.check("histograms", histograms, [])
calls.end()
