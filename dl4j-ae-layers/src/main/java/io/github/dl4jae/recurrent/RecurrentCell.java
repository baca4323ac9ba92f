package io.github.dl4jae.recurrent;

/** The cell of a recurrent layer. */
public enum RecurrentCell {
    /** Long short-term memory, of {@link FastLstmLayer}: two states, four gates. */
    LSTM(4, 4),
    /** Gated recurrent unit, of {@link FastGruLayer}: one state, three quarters of the weights. */
    GRU(3, 4);

    private final int gates;
    private final int biases;

    RecurrentCell(int gates, int biases) {
        this.gates = gates;
        this.biases = biases;
    }

    /** Returns the number of blocks of W and R. */
    int gates() {
        return gates;
    }

    /** Returns the number of blocks of b. */
    int biases() {
        return biases;
    }
}
