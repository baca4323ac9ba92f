"""The cases of the bench command in PyTorch. Usage: peer.py CASE. Answers the same lines as BenchRun."""
import os
import re
import resource
import select
import statistics
import subprocess
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

TRAINING = {  # name: (batch, k or 0, sizes)
    "mlp-b1": (1, 0, [784, 512, 64, 512, 784]),
    "mlp-b32": (32, 0, [784, 512, 64, 512, 784]),
    "mlp-b128": (128, 0, [784, 512, 64, 512, 784]),
    "mlp-b1024": (1024, 0, [784, 512, 64, 512, 784]),
    "deep-b128": (128, 0, [784, 1000, 500, 250, 30, 250, 500, 1000, 784]),
    "ksparse-b128": (128, 25, [784, 1000, 784]),
    "sae-512x8192-k32-b512": (512, 32, [512, 8192, 512]),
}


def training(batch, k, sizes):
    layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
    adam = torch.optim.Adam(layers.parameters(), 1e-3)
    data = [torch.rand(batch, sizes[0]) for _ in range(4)]

    def loss(x):
        h = x
        for layer in layers[:-1]:
            h = layer(h)
            if k:
                values, indices = h.topk(k, dim=-1)
                h = torch.zeros_like(h).scatter(-1, indices, values)
            else:
                h = F.relu(h)
        out = layers[-1](h)
        total = (out - x).square().sum() if k else F.binary_cross_entropy_with_logits(out, x, reduction="sum")
        return total / batch

    def step(i):
        adam.zero_grad(set_to_none=True)
        loss(data[i % 4]).backward()
        adam.step()

    return step


class Vae(nn.Module):
    """784-512-20-512-784, ReLU; returns the loss per example in nats."""

    def __init__(self, inputs, hidden, latents):
        super().__init__()
        self.encoder = nn.Linear(inputs, hidden)
        self.mean, self.log_variance = nn.Linear(hidden, latents), nn.Linear(hidden, latents)
        self.decoder, self.out = nn.Linear(latents, hidden), nn.Linear(hidden, inputs)

    def forward(self, x):
        h = F.relu(self.encoder(x))
        mean, log_variance = self.mean(h), self.log_variance(h)
        z = mean + torch.exp(log_variance / 2) * torch.randn_like(mean)
        logits = self.out(F.relu(self.decoder(z)))
        loss = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        kl = (mean.square() + log_variance.exp() - 1 - log_variance).sum() / 2
        return (loss + kl) / len(x)


class Contractive(nn.Module):
    """784-1000-784, sigmoid code, with 0.1 times the squared norm of its Jacobian as a penalty."""

    def __init__(self, inputs, units):
        super().__init__()
        self.encoder, self.out = nn.Linear(inputs, units), nn.Linear(units, inputs)

    def forward(self, x):
        h = torch.sigmoid(self.encoder(x))
        norm = ((h * (1 - h)).square() @ self.encoder.weight.square().sum(1)).sum()
        loss = F.binary_cross_entropy_with_logits(self.out(h), x, reduction="sum")
        return (loss + 0.1 * norm) / len(x)


class Step(torch.autograd.Function):
    """z where z > threshold, and the number of these; straight-through gradients of the threshold, width 0.05."""

    @staticmethod
    def forward(ctx, z, threshold):
        active = z > threshold
        ctx.save_for_backward(z, threshold, active)
        return z * active, active.float()

    @staticmethod
    def backward(ctx, codes, counts):
        z, threshold, active = ctx.saved_tensors
        near = ((z - threshold).abs() < 0.025) / 0.05
        return codes * active, -(near * (threshold * codes + counts)).sum(0)


class JumpReLU(nn.Module):
    """A sparse dictionary with thresholds, squared error, 0.001 per active unit."""

    def __init__(self, inputs, units):
        super().__init__()
        self.encoder, self.decoder = nn.Linear(inputs, units), nn.Linear(units, inputs)
        self.threshold = nn.Parameter(torch.full((units,), 0.01))

    def forward(self, x):
        codes, active = Step.apply(self.encoder(x), self.threshold)
        return ((self.decoder(codes) - x).square().sum() + 1e-3 * active.sum()) / len(x)


class Concrete(nn.Module):
    """Selectors on all inputs at temperature 1, linear decoder, squared error."""

    def __init__(self, inputs, selectors):
        super().__init__()
        self.logits = nn.Parameter(0.01 * torch.randn(selectors, inputs))
        self.out = nn.Linear(selectors, inputs)

    def forward(self, x):
        gumbel = -torch.log(-torch.log(torch.rand_like(self.logits).clamp(1e-7, 1 - 1e-7)))
        selection = torch.softmax(self.logits + gumbel, dim=-1)
        return (self.out(x @ selection.T) - x).square().sum() / len(x)


class Convolutional(nn.Module):
    """28x28 pixels to 14x14x16, 7x7x32 and a code of 64, and back; returns the loss per example in nats."""

    def __init__(self, variational):
        super().__init__()
        self.variational = variational
        self.first, self.second = nn.Conv2d(1, 16, 3, 2, 1), nn.Conv2d(16, 32, 3, 2, 1)
        self.code, self.back = nn.Linear(32 * 49, 128 if variational else 64), nn.Linear(64, 32 * 49)
        self.third, self.out = nn.ConvTranspose2d(32, 16, 4, 2, 1), nn.ConvTranspose2d(16, 1, 4, 2, 1)

    def forward(self, x):
        image = x.view(-1, 1, 28, 28)
        code = self.code(F.relu(self.second(F.relu(self.first(image)))).flatten(1))
        kl = 0
        if self.variational:
            mean, log_variance = code.chunk(2, 1)
            code = mean + torch.exp(log_variance / 2) * torch.randn_like(mean)
            kl = (mean.square() + log_variance.exp() - 1 - log_variance).sum() / 2
        h = F.relu(self.back(code)).view(-1, 32, 7, 7)
        logits = self.out(F.relu(self.third(h)))
        return (F.binary_cross_entropy_with_logits(logits, image, reduction="sum") + kl) / len(x)


class Recurrent(nn.Module):
    """LSTM 64 over 50 steps of 8 values, its last output repeated, LSTM 64, linear, squared error."""

    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = nn.LSTM(8, 64, batch_first=True), nn.LSTM(64, 64, batch_first=True)
        self.out = nn.Linear(64, 8)

    def forward(self, x):
        steps = x.view(-1, 50, 8)
        _, (last, _) = self.encoder(steps)
        hidden, _ = self.decoder(last[-1].unsqueeze(1).expand(-1, 50, -1))
        return (self.out(hidden) - steps).square().sum() / len(x)


class Sequences(nn.Module):
    """30 symbols of an alphabet of 40, one-hot: LSTM 128, its last output repeated, LSTM 128, softmax."""

    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = nn.LSTM(40, 128, batch_first=True), nn.LSTM(128, 128, batch_first=True)
        self.out = nn.Linear(128, 40)

    def forward(self, x):
        symbols, one_hot = x
        _, (last, _) = self.encoder(one_hot)
        hidden, _ = self.decoder(last[-1].unsqueeze(1).expand(-1, 30, -1))
        return F.cross_entropy(self.out(hidden).flatten(0, 1), symbols.flatten(), reduction="sum") / len(symbols)


def symbols(batch):
    drawn = torch.randint(40, (batch, 30))
    return drawn, F.one_hot(drawn, 40).float()


def stepping(model, batch, inputs=784, draw=None):
    adam = torch.optim.Adam(model.parameters(), 1e-3)
    data = [draw(batch) if draw else torch.rand(batch, inputs) for _ in range(4)]

    def step(i):
        adam.zero_grad(set_to_none=True)
        model(data[i % 4]).backward()
        adam.step()

    return step


def encoding():
    encoder = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 64), nn.ReLU())
    images = torch.rand(60_000, 784)

    def step(_):
        with torch.inference_mode():
            for part in images.split(1000):
                encoder(part)

    return step


def row(whole):
    encoder = [nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 64), nn.ReLU()]
    decoder = [nn.Linear(64, 512), nn.ReLU(), nn.Linear(512, 784), nn.Sigmoid()]
    model = nn.Sequential(*encoder, *decoder) if whole else nn.Sequential(*encoder)
    data = [torch.rand(1, 784) for _ in range(4)]

    def step(i):
        with torch.inference_mode():
            model(data[i % 4])

    return step


def peak_mebibytes():
    """resource counts the memory of the process that started this one, so it comes second."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def measure(seconds):
    times, begin, elapsed = [], time.perf_counter(), 0
    while elapsed < (4 * seconds if len(times) < 3 else seconds):
        start = time.perf_counter()
        step(len(times))
        end = time.perf_counter()
        times.append((end - start) * 1e3)
        elapsed = end - begin
    return f"measured {peak_mebibytes()} {statistics.median(times)} {min(times)} {statistics.fmean(times)}"


def kernel():
    """MKL names its kernels only in the verbose line of a product."""
    product = "import torch; x = torch.rand(64, 64); x @ x"
    said = subprocess.run([sys.executable, "-c", product], env={**os.environ, "MKL_VERBOSE": "1"},
                          stdout=subprocess.PIPE, text=True).stdout
    mkl = re.search(r"MKL_VERBOSE (.*?), \w+ [\d.]+GHz", said)
    blas = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
    parts = [mkl.group(1) if mkl else "BLAS " + (blas.group(1) if blas else "unknown"),
             f"{torch.get_num_threads()} threads", f"torch {torch.__version__}",
             *re.findall(r"- (?:Intel\(R\) )?(MKL-DNN v[\d.]+|CPU capability usage: \w+)", torch.__config__.show())]
    return "kernel " + "; ".join(parts)


name = sys.argv[1]
torch.manual_seed(1)
OTHERS = {"encode-60000": encoding, "vae-b128": lambda: stepping(Vae(784, 512, 20), 128),
          "encode-1": lambda: row(False), "output-1": lambda: row(True),
          "conv-b128": lambda: stepping(Convolutional(False), 128),
          "conv-vae-b128": lambda: stepping(Convolutional(True), 128),
          "lstm-b64-t50": lambda: stepping(Recurrent(), 64, 400),
          "seq2seq-b64": lambda: stepping(Sequences(), 64, draw=symbols),
          "jumprelu-512x8192-b512": lambda: stepping(JumpReLU(512, 8192), 512, 512),
          "contractive-b128": lambda: stepping(Contractive(784, 1000), 128),
          "concrete-10000-k100-b256": lambda: stepping(Concrete(10_000, 100), 256, 10_000)}
step = OTHERS[name]() if name in OTHERS else training(*TRAINING[name])
requests = open(0, "rb", buffering=0)  # a buffer would hide lines from select
print("ready", flush=True)
for request in iter(lambda: requests.readline().decode().strip(), ""):
    if request.startswith("measure "):
        print(measure(float(request.split()[1])), flush=True)
    elif request == "load":
        i = 0
        while not select.select([requests], [], [], 0)[0]:
            step(i)
            i += 1
    elif request == "rest":
        print("rest", flush=True)
    elif request == "kernel":
        print(kernel(), flush=True)
    else:
        sys.exit(f"peer.py: a request must be measure SECONDS, load, rest or kernel, got '{request}'")
