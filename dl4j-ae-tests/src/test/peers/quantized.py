"""The networks of the example "quantized" in PyTorch: the same layers, first weights, updates, images and steps.

    python quantized.py vq|fsq DIRECTORY [--images 20000] [--epochs 10] [--batch 128] [--seed 42]

DIRECTORY has the files of Fashion-MNIST. Prints the mean squared error per pixel, usage and perplexity of 10,000 test
images. Needs torch and numpy.
"""

import argparse
import gzip
import pathlib
import struct
import time

import numpy
import torch
from torch import nn

CODES, WIDTH, LEVELS = 256, 16, (8, 6, 5)
COMMITMENT, DECAY, EXPIRY, SMOOTHING = 0.25, 0.99, 0.1, 1e-5


def images(path):
    with gzip.open(path) as file:
        _, count, rows, columns = struct.unpack(">IIII", file.read(16))
        pixels = numpy.frombuffer(file.read(), numpy.uint8).reshape(count, 1, rows, columns)
    return torch.from_numpy(pixels.astype(numpy.float32) / 255)


def kmeans(rows, codes):
    """Ten steps of Lloyd's algorithm on 16 vectors per code, from random vectors chosen by distance (k-means++)."""
    rows = rows[torch.randperm(len(rows))[: 16 * codes]]
    centers = rows[torch.randint(len(rows), (1,))]
    distance = ((rows - centers) ** 2).sum(1)
    while len(centers) < codes:
        centers = torch.cat([centers, rows[torch.multinomial(distance, 1)]])
        distance = torch.minimum(distance, ((rows - centers[-1]) ** 2).sum(1))
    for _ in range(10):
        nearest = torch.cdist(rows, centers).argmin(1)
        counts = torch.bincount(nearest, minlength=codes)
        sums = torch.zeros_like(centers).index_add_(0, nearest, rows)
        centers = torch.where(counts[:, None] > 0, sums / counts.clamp(min=1)[:, None], centers)
    return centers


class VectorQuantizer(nn.Module):
    def __init__(self):
        super().__init__()
        self.codes = CODES
        self.vectors = None

    def forward(self, z):
        rows = z.permute(0, 2, 3, 1).reshape(-1, WIDTH)
        with torch.no_grad():
            if self.vectors is None:
                self.vectors = kmeans(rows, CODES)
                self.counts = torch.bincount(torch.cdist(rows, self.vectors).argmin(1), minlength=CODES).float()
                self.sums = self.vectors * self.smoothed()[:, None]
            indices = torch.cdist(rows, self.vectors).argmin(1)
            q = self.vectors[indices]
        commitment = COMMITMENT * ((rows - q) ** 2).sum() / len(z)
        output = (rows + (q - rows).detach()).reshape(len(z), 7, 7, WIDTH).permute(0, 3, 1, 2)
        self.last = rows.detach(), indices
        return output, commitment, indices

    def smoothed(self):
        total = self.counts.sum()
        return (self.counts + SMOOTHING) / (total + CODES * SMOOTHING) * total

    def follow(self):
        rows, indices = self.last
        self.counts = DECAY * self.counts + (1 - DECAY) * torch.bincount(indices, minlength=CODES)
        self.sums = DECAY * self.sums + (1 - DECAY) * torch.zeros_like(self.sums).index_add_(0, indices, rows)
        self.vectors = self.sums / self.smoothed()[:, None]
        dead = self.counts < EXPIRY * self.counts.mean()
        if dead.any():
            self.vectors[dead] = rows[torch.randint(len(rows), (int(dead.sum()),))]
            self.counts[dead] = self.counts.mean()
            self.sums = self.vectors * self.smoothed()[:, None]


class ScalarQuantizer(nn.Module):
    def __init__(self):
        super().__init__()
        self.codes = int(numpy.prod(LEVELS))
        levels = torch.tensor(LEVELS, dtype=torch.float32).reshape(1, -1, 1, 1)
        self.half = (levels - 1) * (1 + 1e-3) / 2
        self.offset = torch.where(levels % 2 == 0, 0.5, 0.0)
        self.shift = torch.atanh(self.offset / self.half)
        self.unit = torch.div(levels, 2, rounding_mode="floor")
        self.factors = torch.tensor(numpy.cumprod((1,) + LEVELS[:-1])).reshape(1, -1, 1, 1)

    def forward(self, z):
        bounded = torch.tanh(z + self.shift) * self.half - self.offset
        rounded = bounded + (torch.round(bounded) - bounded).detach()
        indices = ((torch.round(bounded) + self.unit) * self.factors).sum(1).long().flatten()
        return rounded / self.unit, 0.0, indices

    def follow(self):
        pass


class Network(nn.Module):
    def __init__(self, quantizer, width):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 32, 4, 2, 1), nn.ReLU(),
            nn.Conv2d(32, 64, 4, 2, 1), nn.ReLU(),
            nn.Conv2d(64, width, 1))
        self.quantizer = quantizer
        self.decoder = nn.Sequential(
            nn.Conv2d(width, 64, 3, 1, 1), nn.ReLU(),
            nn.ConvTranspose2d(64, 32, 4, 2, 1), nn.ReLU(),
            nn.ConvTranspose2d(32, 1, 4, 2, 1))
        for layer in self.modules():
            if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
                fan = layer.in_channels * layer.kernel_size[0] * layer.kernel_size[1]
                nn.init.normal_(layer.weight, 0, (2 / fan) ** 0.5)
                nn.init.zeros_(layer.bias)

    def forward(self, x):
        q, commitment, indices = self.quantizer(self.encoder(x))
        return self.decoder(q), commitment, indices


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["vq", "fsq"])
    parser.add_argument("directory", type=pathlib.Path)
    for name, value in (("images", 20000), ("epochs", 10), ("batch", 128), ("seed", 42)):
        parser.add_argument("--" + name, type=int, default=value)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    train = images(options.directory / "train-images-idx3-ubyte.gz")[: options.images]
    test = images(options.directory / "t10k-images-idx3-ubyte.gz")
    quantizer, width = (VectorQuantizer(), WIDTH) if options.kind == "vq" else (ScalarQuantizer(), len(LEVELS))
    network = Network(quantizer, width)
    adam = torch.optim.Adam(network.parameters(), 1e-3)
    begin = time.time()
    for epoch in range(options.epochs):
        for rows in torch.randperm(len(train)).split(options.batch):
            x = train[rows]
            y, commitment, _ = network(x)
            loss = ((x - y) ** 2).sum() / len(x) + commitment
            adam.zero_grad()
            loss.backward()
            adam.step()
            quantizer.follow()
        with torch.no_grad():
            results = [(((x - y) ** 2).sum(), indices) for x in test.split(500) for y, _, indices in [network(x)]]
        error = sum(each for each, _ in results) / test.numel()
        counts = torch.bincount(torch.cat([each for _, each in results]), minlength=quantizer.codes)
        share = counts[counts > 0] / counts.sum()
        print(f"epoch {epoch + 1}: MSE {error:.6f}, usage {100 * (counts > 0).float().mean():.1f} %, perplexity"
              f" {torch.exp(-(share * share.log()).sum()):.1f}, {time.time() - begin:.0f} s", flush=True)


if __name__ == "__main__":
    main()
