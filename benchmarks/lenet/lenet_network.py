# Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The network in PyTorch, and how much work it is."""

import torch.nn as nn
import torch.nn.functional as F

# Multiply-adds of one image: conv1, conv2, fc1, fc2, fc3; backward needs both
# gradients of every layer but the first, whose input needs none.
LAYERS = [6 * 900 * 9, 16 * 169 * 54, 576 * 120, 120 * 84, 84 * 10]
FORWARD_FLOP = 2 * sum(LAYERS)
STEP_FLOP = 3 * FORWARD_FLOP - 2 * LAYERS[0]


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(576, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.flatten(1)
        x = F.relu(self.fc1(x))
        return self.fc3(F.relu(self.fc2(x)))
