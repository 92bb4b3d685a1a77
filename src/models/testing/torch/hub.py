"""Tiny random checkpoints of Hugging Face's CLIP, ViT and BERT in the folders given, and what transformers says of drawn inputs (float64)."""

import json
import sys
from pathlib import Path

import torch
import transformers

torch.manual_seed(0)
root = Path(sys.argv[1])


def shaken(model):
    """Nothing that begins at zero or one hides a mistake."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    return model.eval()


def keep(name, model, inputs, outputs):
    model.float().save_pretrained(root / name)
    (root / name / "case.json").write_text(
        json.dumps({"inputs": {key: value.flatten().tolist() for key, value in inputs.items()}, "outputs": {key: value.flatten().tolist() for key, value in outputs.items()}})
    )


layers = dict(intermediate_size=40, num_hidden_layers=2, num_attention_heads=3)
pictures = torch.randn(2, 16, 16, 3, dtype=torch.float64)
ids = torch.tensor([[97, 5, 9, 98, 0, 0], [97, 7, 98, 0, 0, 0]])
mask = (ids != 0).long()

clip = shaken(
    transformers.CLIPModel(
        transformers.CLIPConfig(
            vision_config=dict(hidden_size=24, image_size=16, patch_size=8, **layers),
            text_config=dict(hidden_size=36, vocab_size=99, max_position_embeddings=8, eos_token_id=98, bos_token_id=97, pad_token_id=0, **layers),
            projection_dim=20,
        )
    )
)
clip.float().save_pretrained(root / "clip")
clip = transformers.CLIPModel.from_pretrained(root / "clip").double().eval()
with torch.no_grad():
    said = clip(input_ids=ids, attention_mask=mask, pixel_values=pictures.permute(0, 3, 1, 2))
    keep("clip", clip, {"images": pictures, "tokens": ids, "keep": mask}, {"image": said.image_embeds, "text": said.text_embeds, "logits": said.logits_per_image})

vit = shaken(transformers.ViTModel(transformers.ViTConfig(hidden_size=24, image_size=16, patch_size=8, **layers), add_pooling_layer=False))
vit.float().save_pretrained(root / "vit")
vit = transformers.ViTModel.from_pretrained(root / "vit", add_pooling_layer=False).double().eval()
with torch.no_grad():
    said = vit(pixel_values=pictures.permute(0, 3, 1, 2))
    keep("vit", vit, {"images": pictures}, {"pooled": said.last_hidden_state[:, 0]})

bert = shaken(transformers.BertModel(transformers.BertConfig(hidden_size=36, vocab_size=99, max_position_embeddings=8, **layers), add_pooling_layer=False))
bert.float().save_pretrained(root / "bert")
bert = transformers.BertModel.from_pretrained(root / "bert", add_pooling_layer=False).double().eval()
with torch.no_grad():
    said = bert(input_ids=ids, attention_mask=mask)
    keep("bert", bert, {"tokens": ids, "keep": mask}, {"pooled": said.last_hidden_state[:, 0]})
