package io.github.dl4jae.examples.molecules;

import com.actelion.research.chem.AbstractDepictor;
import com.actelion.research.chem.Depictor2D;
import com.actelion.research.chem.StereoMolecule;
import com.actelion.research.chem.coords.CoordinateInventor;
import com.actelion.research.gui.generic.GenericRectangle;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/** Structural formulas. */
final class MoleculePictures {

    private static final int WIDTH = 220;
    private static final int HEIGHT = 150;
    private static final int CAPTION = 18;

    private MoleculePictures() {}

    /**
     * Draws molecules in a grid.
     *
     * @param smiles molecules; a cell stays empty where a text is none
     * @param captions a line for each
     */
    static BufferedImage draw(List<String> smiles, List<String> captions, int columns) {
        int rows = (smiles.size() + columns - 1) / columns;
        BufferedImage image = new BufferedImage(columns * WIDTH, rows * (HEIGHT + CAPTION), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        for (int i = 0; i < smiles.size(); i++) {
            int x = i % columns * WIDTH;
            int y = i / columns * (HEIGHT + CAPTION);
            Smiles.parse(smiles.get(i)).ifPresent(molecule -> draw(molecule, graphics, x, y));
            graphics.setColor(Color.DARK_GRAY);
            graphics.drawString(captions.get(i), x + 8, y + HEIGHT + CAPTION - 6);
        }
        graphics.dispose();
        return image;
    }

    private static void draw(StereoMolecule molecule, Graphics2D graphics, int x, int y) {
        new CoordinateInventor().invent(molecule);
        Depictor2D depictor = new Depictor2D(molecule);
        depictor.validateView(
                graphics,
                new GenericRectangle(x + 8, y + 8, WIDTH - 16, HEIGHT - 16),
                AbstractDepictor.cModeInflateToMaxAVBL);
        depictor.paint(graphics);
    }
}
