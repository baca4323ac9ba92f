package io.github.dl4jae.coding;

/** A code with a fixed distribution. */
final class TableCode extends SymbolCode {

    private final FrequencyTable table;

    TableCode(FrequencyTable table) {
        this.table = table;
    }

    @Override
    public void push(AnsStack stack, int[] symbols) {
        checkPush(stack, symbols);
        for (int i = symbols.length - 1; i >= 0; i--) {
            table.push(stack, symbols[i]);
        }
    }

    @Override
    public int[] pop(AnsStack stack, int count) {
        checkPop(stack, count);
        int[] symbols = new int[count];
        for (int i = 0; i < count; i++) {
            symbols[i] = table.pop(stack);
        }
        return symbols;
    }
}
