package io.github.dl4jae.coding;

/** A code with {@link AdaptiveCounts}: intervals are found forward, and pushed backward. */
final class AdaptiveCode extends SymbolCode {

    private final int size;

    AdaptiveCode(int size) {
        this.size = size;
    }

    @Override
    public void push(AnsStack stack, int[] symbols) {
        checkPush(stack, symbols);
        AdaptiveCounts counts = AdaptiveCounts.of(size);
        int[] starts = new int[symbols.length];
        int[] ends = new int[symbols.length];
        for (int i = 0; i < symbols.length; i++) {
            starts[i] = counts.start(symbols[i]);
            ends[i] = counts.start(symbols[i] + 1);
            counts.see(symbols[i]);
        }
        for (int i = symbols.length - 1; i >= 0; i--) {
            stack.push(starts[i], ends[i] - starts[i], AdaptiveCounts.PRECISION);
        }
    }

    @Override
    public int[] pop(AnsStack stack, int count) {
        checkPop(stack, count);
        AdaptiveCounts counts = AdaptiveCounts.of(size);
        int[] symbols = new int[count];
        for (int i = 0; i < count; i++) {
            int symbol = counts.symbolAt(stack.peek(AdaptiveCounts.PRECISION));
            int start = counts.start(symbol);
            stack.pop(start, counts.start(symbol + 1) - start, AdaptiveCounts.PRECISION);
            counts.see(symbol);
            symbols[i] = symbol;
        }
        return symbols;
    }
}
