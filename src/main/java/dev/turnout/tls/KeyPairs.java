package dev.turnout.tls;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/** Keys of certificates. New keys are on the curve P-256, which every certificate authority and every client takes. */
public final class KeyPairs {

    private static final byte[] SAMPLE = {1, 2, 3};

    private KeyPairs() {}

    /** Returns a new pair of keys. */
    public static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(CertificatePair.EC);
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no curve P-256", e);
        }
    }

    /** Returns true if two keys of the kind EC or RSA belong together. */
    public static boolean fit(PrivateKey privateKey, PublicKey publicKey) {
        String kind = publicKey.getAlgorithm();
        if (!privateKey.getAlgorithm().startsWith(kind)) {
            return false;
        }
        try {
            Signature signature =
                    Signature.getInstance(kind.equals(CertificatePair.EC) ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(privateKey);
            signature.update(SAMPLE);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(SAMPLE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
