"""EfficientNet-Lite in PyTorch: inverted residual blocks, TensorFlow's "SAME" padding, ReLU6.

Written from the paper and the TensorFlow models' description; parameter names are those of the
package efficientnet_lite_pytorch 0.1.0.
"""

import torch
from torch import nn
from torch.nn import functional as F


class Same(nn.Conv2d):
    def forward(self, x):
        pads = []
        for extent, kernel, stride in zip(x.shape[:1:-1], self.kernel_size[::-1], self.stride[::-1]):
            total = max((-(-extent // stride) - 1) * stride + kernel - extent, 0)
            pads += [total // 2, total - total // 2]
        return super().forward(F.pad(x, pads))


def norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-3)


class Block(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride, expansion):
        super().__init__()
        width = inputs * expansion
        self.residual = stride == 1 and inputs == outputs
        if expansion != 1:
            self._expand_conv = Same(inputs, width, 1, bias=False)
            self._bn0 = norm(width)
        self._depthwise_conv = Same(width, width, kernel, stride, groups=width, bias=False)
        self._bn1 = norm(width)
        self._project_conv = Same(width, outputs, 1, bias=False)
        self._bn2 = norm(outputs)

    def forward(self, x):
        y = F.relu6(self._bn0(self._expand_conv(x))) if hasattr(self, "_expand_conv") else x
        y = self._bn2(self._project_conv(F.relu6(self._bn1(self._depthwise_conv(y)))))
        return x + y if self.residual else y


class EfficientNetLite(nn.Module):
    """stages: (blocks, kernel, stride, expansion, width) each."""

    def __init__(self, stem, stages, head, classes):
        super().__init__()
        self._conv_stem = Same(3, stem, 3, 2, bias=False)
        self._bn0 = norm(stem)
        self._blocks = nn.ModuleList()
        inputs, self.fine = stem, 0
        for blocks, kernel, stride, expansion, width in stages:
            if stride > 1:
                self.fine = len(self._blocks)
            for block in range(blocks):
                self._blocks.append(Block(inputs, width, kernel, stride if block == 0 else 1, expansion))
                inputs = width
        self._conv_head = Same(inputs, head, 1, bias=False)
        self._bn1 = norm(head)
        self._fc = nn.Linear(head, classes)

    def forward(self, x):
        x = F.relu6(self._bn0(self._conv_stem(x)))
        for index, block in enumerate(self._blocks):
            if index == self.fine:
                fine = x
            x = block(x)
        pooled = F.relu6(self._bn1(self._conv_head(x))).mean((2, 3))
        return {"fine": fine, "features": x, "pooled": pooled, "logits": self._fc(pooled)}


LITE0 = [
    (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192), (1, 3, 1, 6, 320),
]
