"""The cases of the bench command in PyTorch. Usage: peer.py CASE SECONDS. Prints the same line as BenchRun."""
import resource
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


def stepping(model, batch, inputs=784):
    adam = torch.optim.Adam(model.parameters(), 1e-3)
    data = [torch.rand(batch, inputs) for _ in range(4)]

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


def run(step, seconds):
    times, end = [], time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < end:
        start = time.perf_counter()
        step(len(times))
        times.append((time.perf_counter() - start) * 1e3)
    return times


name, seconds = sys.argv[1], float(sys.argv[2])
torch.manual_seed(1)
OTHERS = {"encode-60000": encoding, "vae-b128": lambda: stepping(Vae(784, 512, 20), 128),
          "conv-b128": lambda: stepping(Convolutional(False), 128),
          "conv-vae-b128": lambda: stepping(Convolutional(True), 128),
          "lstm-b64-t50": lambda: stepping(Recurrent(), 64, 400),
          "contractive-b128": lambda: stepping(Contractive(784, 1000), 128),
          "concrete-10000-k100-b256": lambda: stepping(Concrete(10_000, 100), 256, 10_000)}
step = OTHERS[name]() if name in OTHERS else training(*TRAINING[name])
run(step, 4)  # warm-up, as long as on the Java side
times = run(step, seconds)
print("measured", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, *times)
