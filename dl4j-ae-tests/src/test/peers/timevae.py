"""The network, the training and the scores of the example "timevae" in PyTorch.

    python timevae.py FILE.npz [--epochs 50] [--batch 16] [--seed 42] [--trend 0] [--season VALUES STEPS]
                      [--repetitions 3] [--out GENERATED.npz]

FILE.npz has an array "data" of series, [N, time, features]. Prints the loss per series, and the discriminative and the
predictive score of as many generated series. Needs torch and numpy.
"""

import argparse
import time

import numpy
import torch
from torch import nn

LATENTS, FILTERS, WEIGHT = 8, (50, 100, 200), 3.0


def glorot(module):
    if isinstance(module, (nn.Linear, nn.Conv1d, nn.ConvTranspose1d)):
        nn.init.xavier_uniform_(module.weight)
        nn.init.zeros_(module.bias)


class TimeVae(nn.Module):
    def __init__(self, features, steps, trend, season):
        super().__init__()
        self.features, self.steps = features, steps
        lengths = [steps]
        for _ in FILTERS:
            lengths.append((lengths[-1] + 1) // 2)
        widths = (features,) + FILTERS
        self.lengths = lengths
        # Same padding for kernel 3 and stride 2: one step after an even length, one on each side of an odd one
        self.encoder = nn.ModuleList(nn.Conv1d(a, b, 3, 2) for a, b in zip(widths, FILTERS))
        self.flat = FILTERS[-1] * lengths[-1]
        self.posterior = nn.Linear(self.flat, 2 * LATENTS)
        self.level = self.block(features)
        self.trend = self.block(features * trend) if trend else None
        self.season = nn.Linear(LATENTS, features * season[0]) if season else None
        time_ = torch.arange(steps) / steps
        self.powers = torch.stack([time_ ** (p + 1) for p in range(trend)]) if trend else None
        self.pattern = torch.arange(steps) // season[1] % season[0] if season else None
        self.hidden = nn.Linear(LATENTS, self.flat)
        self.decoder = nn.ModuleList(
            nn.ConvTranspose1d(a, b, 3, 2) for a, b in zip(FILTERS[::-1], (FILTERS[1], FILTERS[0], features)))
        self.values = nn.Linear(features * lengths[-1] * 8, features * steps)
        self.apply(glorot)

    @staticmethod
    def block(width):
        return nn.Sequential(nn.Linear(LATENTS, width), nn.ReLU(), nn.Linear(width, width))

    def encode(self, x):
        for layer, length in zip(self.encoder, self.lengths):
            total = max(((length + 1) // 2 - 1) * 2 + 3 - length, 0)
            x = torch.relu(layer(nn.functional.pad(x, (total // 2, total - total // 2))))
        return self.posterior(x.flatten(1)).chunk(2, 1)

    def decode(self, z):
        n = len(z)
        y = self.level(z)[:, :, None].expand(n, self.features, self.steps)
        if self.trend is not None:
            y = y + self.trend(z).reshape(n, self.features, -1) @ self.powers
        if self.season is not None:
            y = y + self.season(z).reshape(n, self.features, -1)[:, :, self.pattern]
        r = torch.relu(self.hidden(z)).reshape(n, FILTERS[-1], -1)
        for layer in self.decoder:
            length = 2 * r.shape[2]
            r = torch.relu(layer(r)[:, :, :length])  # Same padding cuts off the last step
        return y + self.values(r.flatten(1)).reshape(n, self.features, self.steps)

    def loss(self, x):
        mean, log_variance = self.encode(x)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        e = x - self.decode(z)
        reconstruction = (e ** 2).sum() + (e.mean(1) ** 2).sum()
        kl = -0.5 * (1 + log_variance - mean ** 2 - log_variance.exp()).sum()
        return (WEIGHT * reconstruction + kl) / len(x)


class Recurrent(nn.Module):
    def __init__(self, features, outputs):
        super().__init__()
        units = max(8, features)
        self.gru = nn.GRU(features, units, batch_first=True)
        self.output = nn.Linear(units, outputs)
        for name, parameter in self.named_parameters():
            if parameter.dim() > 1:
                for part in parameter.chunk(3) if "gru" in name else (parameter,):
                    nn.init.xavier_uniform_(part)
            else:
                nn.init.zeros_(parameter)

    def forward(self, x, every):
        h = self.gru(x.transpose(1, 2))[0]
        return self.output(h if every else h[:, -1])


def minibatches(count, size, steps):
    while True:
        for rows in torch.randperm(count).split(size):
            if steps == 0:
                return
            steps -= 1
            yield rows


def train(network, loss, count, steps):
    adam = torch.optim.Adam(network.parameters(), 1e-3)
    for rows in minibatches(count, 128, steps):
        adam.zero_grad()
        loss(rows).backward()
        adam.step()


def discriminative(real, generated):
    each = min(len(real), len(generated))
    real, generated = real[torch.randperm(len(real))[:each]], generated[torch.randperm(len(generated))[:each]]
    training = int(0.8 * each)
    x = torch.cat([real[:training], generated[:training]])
    y = torch.cat([torch.ones(training, 1), torch.zeros(training, 1)])
    network = Recurrent(real.shape[1], 1)
    cross_entropy = nn.BCEWithLogitsLoss()
    train(network, lambda rows: cross_entropy(network(x[rows], False), y[rows]), len(x), 2000)
    with torch.no_grad():
        right = (network(real[training:], False) > 0).sum() + (network(generated[training:], False) <= 0).sum()
    return abs(right.item() / (2 * (each - training)) - 0.5)


def predictive(real, generated):
    network = Recurrent(real.shape[1], real.shape[1])

    def error(x):
        return (network(x[:, :, :-1], True) - x[:, :, 1:].transpose(1, 2)).abs().mean()

    train(network, lambda rows: error(generated[rows]), len(generated), 2000)
    with torch.no_grad():
        return error(real).item()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    for name, value in (("epochs", 50), ("batch", 16), ("seed", 42), ("trend", 0), ("repetitions", 3)):
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--season", type=int, nargs=2)
    parser.add_argument("--out")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    series = torch.from_numpy(numpy.load(options.file)["data"]).permute(0, 2, 1)
    # the example keeps the last tenth for tests, and leaves out windows that share steps with it
    series = series[: len(series) - len(series) // 10 - (series.shape[2] - 1)]
    low, high = series.amin((0, 2), keepdim=True), series.amax((0, 2), keepdim=True)
    x = ((series - low) / torch.where(high > low, high - low, 1)).float()
    network = TimeVae(x.shape[1], x.shape[2], options.trend, options.season)
    adam = torch.optim.Adam(network.parameters(), 1e-3)
    begin = time.time()
    for epoch in range(options.epochs):
        total = 0.0
        for rows in torch.randperm(len(x)).split(options.batch):
            loss = network.loss(x[rows])
            adam.zero_grad()
            loss.backward()
            adam.step()
            total += loss.item() * len(rows)
        if epoch + 1 in (1, options.epochs) or (epoch + 1) % 10 == 0:
            print(f"epoch {epoch + 1}: loss {total / len(x):.3f}, {time.time() - begin:.0f} s", flush=True)
    with torch.no_grad():
        generated = network.decode(torch.randn(len(x), LATENTS))
    if options.out:
        unscaled = generated.double() * torch.where(high > low, high - low, 1) + low
        numpy.savez_compressed(options.out, data=unscaled.permute(0, 2, 1).numpy())
    for name, score in (("discriminative", discriminative), ("predictive", predictive)):
        scores = [score(x, generated) for _ in range(options.repetitions)]
        print(f"{name} score {numpy.mean(scores):.4f}, {['%.4f' % each for each in scores]}", flush=True)
    scores = [predictive(x, x) for _ in range(options.repetitions)]
    print(f"predictive score of the real series {numpy.mean(scores):.4f}", flush=True)


if __name__ == "__main__":
    main()
